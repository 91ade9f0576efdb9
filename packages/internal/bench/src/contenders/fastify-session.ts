import type { IncomingMessage } from "node:http";
import type { Session } from "fastify";
import { DAY, overStore } from "../accesses/accesses.ts";
import { PROPERTIES } from "../accesses/handling.ts";
import { overRequests, type Serve, type Site, type Use } from "../accesses/requests.ts";
import type { Values } from "../accesses/session-values.ts";
import { type Contender, SECRET, signature } from "./contender.ts";
import { objectStore } from "./express-session.ts";

declare module "fastify" {
  interface Session extends Partial<Values> {}
}

/** @fastify/session on the whole path of a request, and its store alone. */
export const FASTIFY = {
  "fastify-session": {
    title: "@fastify/session, its MemoryStore",
    lacks: [
      "values are shared, not copied",
      "parallel changes are lost",
      "a late save revives",
      "ids in plain",
    ],
    open: async ({ size }) => overRequests(await openSite(), PROPERTIES, size),
  },
  "fastify-store": {
    title: "@fastify/session's MemoryStore",
    lacks: ["hands out the stored object itself", "no check of revisions", "ids in plain"],
    open: async ({ size }) => {
      const { MemoryStore } = await import("@fastify/session");
      return overStore(objectStore({ store: new MemoryStore() }), size);
    },
  },
} satisfies Record<string, Contender>;

async function openSite(): Promise<Site<Session>> {
  const { default: fastify } = await import("fastify");
  const { default: fastifyCookie } = await import("@fastify/cookie");
  const { default: fastifySession, MemoryStore } = await import("@fastify/session");
  const store = new MemoryStore();
  const cookie = { maxAge: DAY, secure: false };
  /** The work on the sessions of requests that are under way. */
  const uses = new WeakMap<IncomingMessage, Use<Session>>();
  const withSessions = async (rolling: boolean): Promise<Serve<Session>> => {
    const application = fastify();
    application.register(fastifyCookie);
    const options = { secret: SECRET, saveUninitialized: false, rolling, store, cookie };
    application.register(fastifySession, options);
    // In a plugin of its own, which Fastify loads after that of the sessions.
    application.register(async (routes) => {
      routes.get("/", async ({ raw, session }) => uses.get(raw)?.(session));
    });
    await application.ready();
    return (request, reply, use) => {
      uses.set(request, use);
      application.routing(request, reply);
    };
  };
  const bare = fastify();
  bare.get("/", async () => "ok");
  await bare.ready();
  return {
    serve: await withSessions(false),
    serveExtending: await withSessions(true),
    serveBare: bare.routing,
    cookieOf: (id) => `sessionId=${encodeURIComponent(`${id}.${signature(id)}`)}`,
    close: async () => {},
  };
}
