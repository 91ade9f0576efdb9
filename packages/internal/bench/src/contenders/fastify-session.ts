import type { MemoryStore } from "@fastify/session";
import type { FastifyInstance, Session } from "fastify";
import { DAY, type ObjectStore, overStore } from "../accesses/accesses.ts";
import { PROPERTIES } from "../accesses/handling.ts";
import { overRequests, type Serve, type Site, type Use } from "../accesses/requests.ts";
import type { Values } from "../accesses/session-values.ts";
import { type Contender, SECRET, signature } from "./contender.ts";

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
      return overStore(objectStore(new MemoryStore()), size);
    },
  },
} satisfies Record<string, Contender>;

type Stored = Session & Values;

function objectStore(store: MemoryStore): ObjectStore<Stored> {
  const get = (id: string) =>
    new Promise<Stored | undefined>((resolve, reject) => {
      store.get(id, (error, session) =>
        error ? reject(error) : resolve(session && isFilled(session) ? session : undefined),
      );
    });
  const set = (id: string, session: Session) =>
    new Promise<void>((resolve, reject) => {
      store.set(id, session, (error) => (error ? reject(error) : resolve()));
    });
  return {
    get,
    set,
    add: (id, values, lifetime) => {
      const cookie = { originalMaxAge: lifetime, expires: new Date(Date.now() + lifetime) };
      return set(id, { cookie, ...values });
    },
    extend: async (id) => {
      const session = await get(id);
      if (session === undefined) return;
      session.cookie.expires = new Date(Date.now() + DAY);
      await set(id, session);
    },
    expiry: async (id) => (await get(id))?.cookie.expires?.getTime() ?? 0,
    close: async () => {},
  };
}

function isFilled(session: Session): session is Stored {
  return session.user !== undefined && session.recent !== undefined;
}

/** Requests go through `inject`, which takes longer than the session: `serveBare` tells how long. */
async function openSite(): Promise<Site<Session>> {
  const { default: fastify } = await import("fastify");
  const { default: fastifyCookie } = await import("@fastify/cookie");
  const { default: fastifySession, MemoryStore } = await import("@fastify/session");
  const store = new MemoryStore();
  const withSessions = (rolling: boolean) => {
    const application = fastify();
    application.register(fastifyCookie);
    const cookie = { maxAge: DAY, secure: false };
    const options = { secret: SECRET, saveUninitialized: false, rolling, store, cookie };
    application.register(fastifySession, options);
    return application;
  };
  const [plain, extending, bare] = [withSessions(false), withSessions(true), fastify()];
  bare.get("/", async () => "ok");
  return {
    serve: serveWith(plain),
    serveExtending: serveWith(extending),
    serveBare: async (request, reply) => {
      const { body } = await bare.inject({ url: "/", headers: { ...request.headers } });
      reply.end(body);
    },
    cookieOf: (id) => `sessionId=${encodeURIComponent(`${id}.${signature(id)}`)}`,
    close: () => Promise.all([plain, extending, bare].map((each) => each.close())),
  };
}

/** The work on a session waits in a map: with `inject`, a request can carry a name but no function. */
function serveWith(application: FastifyInstance): Serve<Session> {
  const uses = new Map<unknown, Use<Session>>();
  let requests = 0;
  // In a plugin of its own, which Fastify loads after that of the sessions.
  application.register(async (routes) => {
    routes.get("/", async ({ session, headers }) => uses.get(headers["x-use"])?.(session));
  });
  return async (request, reply, use) => {
    requests += 1;
    const name = String(requests);
    uses.set(name, use);
    const headers = { ...request.headers, "x-use": name };
    const answer = await application.inject({ url: "/", headers });
    uses.delete(name);
    const cookies = answer.headers["set-cookie"];
    if (cookies !== undefined) reply.setHeader("Set-Cookie", cookies);
    reply.end(answer.body);
  };
}
