import fastifyCookie from "@fastify/cookie";
import fastifySession, { MemoryStore } from "@fastify/session";
import fastify, { type FastifyInstance, type Session } from "fastify";
import type { Contender, Sessions } from "../contender.ts";
import { cookieHeader, DAY, pairOf } from "../exchange.ts";
import { newId } from "../filling.ts";
import { type Size, seen, type Values, valuesOf } from "../session-values.ts";
import { SECRET, signature } from "../signature.ts";

declare module "fastify" {
  interface Session extends Partial<Values> {}
}

export const contender: Contender = {
  title: "@fastify/session, its MemoryStore",
  lacks: [
    "values are shared, not copied",
    "parallel changes are lost",
    "a late save revives",
    "ids in plain",
  ],
  open: async ({ size }) => new FastifyPath(size),
};

const NAME = "sessionId";

/** Its requests go through `inject`, which costs more than the session: see `bare`. */
class FastifyPath implements Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #size: Size;
  readonly #application: FastifyInstance;
  readonly #extending: FastifyInstance;
  readonly #bare = fastify();

  constructor(size: Size) {
    this.#size = size;
    this.#application = this.#withSessions(false);
    this.#extending = this.#withSessions(true);
    this.#bare.get("/", async () => "ok");
  }

  async *fill(count: number): AsyncGenerator<string> {
    for (let index = 0; index < count; index += 1) {
      const id = newId();
      const cookie = { originalMaxAge: DAY, expires: new Date(Date.now() + DAY) };
      this.#sessions.set(id, { cookie, ...valuesOf(index, this.#size) });
      yield header(id);
    }
  }

  stranger(): string {
    return header(newId());
  }

  async read(cookie: string): Promise<number | undefined> {
    const { body } = await this.#application.inject({ url: "/read", headers: { cookie } });
    return body === "" ? undefined : Number(body);
  }

  async change(cookie: string): Promise<string> {
    const reply = await this.#application.inject({ url: "/change", headers: { cookie } });
    return cookieAfter(reply.headers["set-cookie"], cookie);
  }

  async create(index: number): Promise<string> {
    const reply = await this.#application.inject({ url: `/create?index=${index}` });
    return cookieAfter(reply.headers["set-cookie"], "");
  }

  extend(cookie: string): Promise<unknown> {
    return this.#extending.inject({ url: "/", headers: { cookie } });
  }

  async readAll(cookie: string): Promise<Values | undefined> {
    const reply = await this.#application.inject({ url: "/all", headers: { cookie } });
    return reply.statusCode === 200 ? reply.json<Values>() : undefined;
  }

  bare(cookie: string): Promise<unknown> {
    return this.#bare.inject({ url: "/", headers: { cookie } });
  }

  async close(): Promise<void> {
    await Promise.all([this.#application.close(), this.#extending.close(), this.#bare.close()]);
  }

  #withSessions(rolling: boolean): FastifyInstance {
    const store = new MemoryStore(this.#sessions);
    const cookie = { maxAge: DAY, secure: false };
    const application = fastify();
    application.register(fastifyCookie);
    application.register(fastifySession, {
      secret: SECRET,
      saveUninitialized: false,
      rolling,
      store,
      cookie,
    });
    application.register(async (routes) => addRoutes(routes, this.#size));
    return application;
  }
}

function addRoutes(routes: FastifyInstance, size: Size): void {
  routes.get("/", async () => "ok");
  routes.get("/read", async ({ session }) => String(seenIn(session) ?? ""));
  routes.get("/change", async ({ session }) => {
    if (seenIn(session) !== undefined) session.views = (session.views ?? 0) + 1;
    return "ok";
  });
  routes.get<{ Querystring: { index: string } }>("/create", async ({ session, query }) => {
    Object.assign(session, valuesOf(Number(query.index), size));
    return "ok";
  });
  routes.get("/all", async ({ session }, reply) => {
    const values = Object.entries(session).filter(([key]) => key !== "cookie");
    return values.length > 0 ? Object.fromEntries(values) : reply.code(404).send();
  });
}

function seenIn({ user, views }: Session): number | undefined {
  return user && views !== undefined ? seen({ user, views }) : undefined;
}

function cookieAfter(sent: string | string[] | undefined, before: string): string {
  const text = Array.isArray(sent) ? sent.at(-1) : sent;
  return text === undefined ? before : cookieHeader(pairOf(text));
}

function header(id: string): string {
  return cookieHeader(`${NAME}=${encodeURIComponent(`${id}.${signature(id)}`)}`);
}
