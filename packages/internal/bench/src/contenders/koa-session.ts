import { createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type Koa from "koa";
import { DAY, newId } from "../accesses/accesses.ts";
import { PROPERTIES } from "../accesses/handling.ts";
import { overRequests, type Serve, type Site, type Use } from "../accesses/requests.ts";
import type { Values } from "../accesses/session-values.ts";
import { type Contender, SECRET } from "./contender.ts";

export const KOA = {
  "koa-session": {
    title: "koa-session, a Map",
    lacks: ["parallel changes are lost", "a late save revives", "ids in plain"],
    open: async ({ size }) => overRequests(await openSite(), PROPERTIES, size),
  },
} satisfies Record<string, Contender>;

const NAME = "koa.sess";

async function openSite(): Promise<Site<Partial<Values>>> {
  const { default: Application } = await import("koa");
  const { createSession } = await import("koa-session");
  const texts = new Map<string, string>();
  const store = {
    get: async (id: string) => {
      const text = texts.get(id);
      return text === undefined ? undefined : JSON.parse(text);
    },
    set: async (id: string, values: unknown) => {
      texts.set(id, JSON.stringify(values));
    },
    destroy: async (id: string) => {
      texts.delete(id);
    },
  };
  const withSessions = (rolling: boolean) => {
    const application = new Application();
    application.keys = [SECRET];
    const options = { key: NAME, maxAge: DAY, store, rolling, genid: newId };
    application.use(createSession(options, application));
    return serveWith(application, ({ session }) => session);
  };
  const serveBare = serveWith(new Application(), () => ({}));
  return {
    serve: withSessions(false),
    serveExtending: withSessions(true),
    serveBare: (request, reply) => serveBare(request, reply, () => "ok"),
    // The id, and its signature in a cookie of its own.
    cookieOf: (id) => {
      const signature = createHmac("sha1", SECRET).update(`${NAME}=${id}`).digest("base64url");
      return `${NAME}=${id}; ${NAME}.sig=${signature}`;
    },
    close: async () => texts.clear(),
  };
}

function serveWith(
  application: Koa,
  sessionOf: (context: { readonly session: object }) => object,
): Serve<Partial<Values>> {
  const uses = new WeakMap<IncomingMessage, Use<Partial<Values>>>();
  application.use((context) => {
    const session = sessionOf(context);
    context.body = isValues(session) ? (uses.get(context.req)?.(session) ?? "") : "";
  });
  const handler = application.callback();
  return (request, reply, use) => {
    uses.set(request, use);
    return handler(request, reply);
  };
}

/** The property has the type of `@sess/http`, which is not in use here. */
function isValues(session: object): session is Partial<Values> {
  return !("then" in session);
}
