import type { IncomingMessage } from "node:http";
import type { Done, Store, Stored } from "express-session";
import { type Accesses, DAY, type ObjectStore, overStore } from "../accesses/accesses.ts";
import { PROPERTIES } from "../accesses/handling.ts";
import { overRequests, type Serve } from "../accesses/requests.ts";
import type { Size, Values } from "../accesses/session-values.ts";
import { type Contender, openPool, openRedisClient, SECRET, signature } from "./contender.ts";

/** express-session on the whole path of a request, and stores for it alone. */
export const EXPRESS = {
  "express-session": {
    title: "express-session, MemoryStore",
    lacks: ["parallel changes are lost", "a late save revives", "ids in plain"],
    open: async ({ size }) => overMiddleware(await memoryStore(), size),
  },
  "express-memorystore": {
    title: "express-session, memorystore",
    lacks: ["parallel changes are lost", "a late save revives", "ids in plain", "a sweep blocks"],
    open: async ({ size }) => overMiddleware(await memorystore(), size),
  },
  "memory-store": {
    title: "express-session's MemoryStore",
    lacks: ["no check of revisions", "ids in plain", "expired sessions stay until read"],
    open: async ({ size }) => overStore(objectStore(await memoryStore()), size),
  },
  memorystore: {
    title: "memorystore",
    lacks: ["no check of revisions", "ids in plain", "a sweep blocks"],
    open: async ({ size }) => overStore(objectStore(await memorystore()), size),
  },
  "level-session-store": {
    title: "level-session-store (level 8)",
    lacks: ["not synced", "no check of revisions", "ids in plain", "nothing expires"],
    open: async ({ size, directory }) => overStore(objectStore(await levelStore(directory)), size),
  },
  "session-file-store": {
    title: "session-file-store",
    lacks: ["no check of revisions", "ids in plain", "a miss waits for retries"],
    open: async ({ size, directory }) => overStore(objectStore(await fileStore(directory)), size),
  },
  "connect-redis": {
    title: "connect-redis",
    lacks: ["no check of revisions", "ids in plain"],
    open: async ({ size, url }) => overStore(objectStore(await redisStore(url)), size),
  },
  "connect-pg-simple": {
    title: "connect-pg-simple",
    lacks: ["no check of revisions", "ids in plain"],
    open: async ({ size, url }) => overStore(objectStore(await postgresStore(url)), size),
  },
} satisfies Record<string, Contender>;

/** A store, with what it does not offer itself. */
interface ExpressStore extends Pick<Accesses, "expiry" | "expiryStep" | "sweep"> {
  readonly store: Store;
  readonly close?: () => Promise<unknown>;
}

async function memoryStore(): Promise<ExpressStore> {
  const { default: session } = await import("express-session");
  return { store: new session.MemoryStore() };
}

async function memorystore(): Promise<ExpressStore> {
  const { default: session } = await import("express-session");
  const { default: createMemoryStore } = await import("memorystore");
  const MemoryStore = createMemoryStore(session);
  const store = new MemoryStore({ checkPeriod: DAY });
  return { store, sweep: () => store.prune(), close: async () => store.stopInterval() };
}

async function levelStore(directory: string): Promise<ExpressStore> {
  const { default: session } = await import("express-session");
  const { default: createStore } = await import("level-session-store");
  const { Level } = await import("level");
  const db = new Level<string, string>(directory);
  await db.open();
  // The store writes this itself when it opens a database of level 6. With level 8 it does not, and fails.
  await db.put("_session/__length__", "0");
  const LevelSessionStore = createStore(session);
  return { store: new LevelSessionStore(db), close: () => db.close() };
}

async function fileStore(path: string): Promise<ExpressStore> {
  const { default: session } = await import("express-session");
  const { default: createStore } = await import("session-file-store");
  const FileStore = createStore(session);
  return { store: new FileStore({ path, ttl: DAY / 1000, reapInterval: -1, logFn: () => {} }) };
}

async function redisStore(url: string): Promise<ExpressStore> {
  const { RedisStore } = await import("connect-redis");
  const { client, prefix, close } = await openRedisClient(url, "connect");
  return {
    store: new RedisStore({ client, prefix, ttl: DAY / 1000 }),
    expiry: async (id) => Date.now() + (await client.pTTL(prefix + id)),
    close,
  };
}

async function postgresStore(url: string): Promise<ExpressStore> {
  const { default: session } = await import("express-session");
  const { default: connectPgSimple } = await import("connect-pg-simple");
  const { pool, schema, close } = await openPool(url, "connect");
  const PgStore = connectPgSimple(session);
  const options = { createTableIfMissing: true, pruneSessionInterval: false } as const;
  const store = new PgStore({ pool, schemaName: schema, ...options });
  // The first call creates the table.
  await new Promise((resolve) => store.get("nobody", resolve));
  const select = `SELECT expire FROM ${schema}.session WHERE sid = $1`;
  const expiry = async (id: string) =>
    (await pool.query<{ expire: Date }>(select, [id])).rows[0]?.expire.getTime() ?? 0;
  return { store, expiry, expiryStep: 1_000, close };
}

/** The store alone, called as express-session calls it. */
export function objectStore({ store, ...optional }: ExpressStore): ObjectStore<Stored> {
  const get = (id: string) => promised((done) => store.get(id, done));
  const set = (id: string, session: Stored) => promised((done) => store.set(id, session, done));
  return {
    expiry: async (id) => new Date((await get(id))?.cookie.expires ?? 0).getTime(),
    close: async () => {},
    ...optional,
    get,
    set,
    add: (id, values, lifetime) => {
      const expires = new Date(Date.now() + lifetime);
      const cookie = { originalMaxAge: lifetime, expires, httpOnly: true, path: "/" };
      // memorystore goes by this and takes a day by default. Otherwise it would make the text longer.
      const maxAge = lifetime === DAY ? undefined : lifetime;
      return set(id, { cookie: maxAge ? { ...cookie, maxAge } : cookie, ...values });
    },
    extend: async (id) => {
      const session = await get(id);
      if (!session) return;
      session.cookie.expires = new Date(Date.now() + DAY);
      await promised((done) => (store.touch ?? store.set).call(store, id, session, done));
    },
  };
}

function promised(call: (done: Done) => unknown): Promise<Stored | null | undefined> {
  return new Promise((resolve, reject) => {
    call((error, session) => (error && !isMissing(error) ? reject(error) : resolve(session)));
  });
}

/** Some stores report a missing session as an error. */
function isMissing(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === "ENOENT" || error.code === "LEVEL_NOT_FOUND";
}

/** express-session on the whole path of a request. It extends the session at each access. */
async function overMiddleware({ store, close }: ExpressStore, size: Size): Promise<Accesses> {
  const { default: session } = await import("express-session");
  const options = { secret: SECRET, resave: false, saveUninitialized: false };
  const middleware = session({ store, cookie: { maxAge: DAY }, ...options });
  const serve: Serve<Partial<Values>> = (
    request: IncomingMessage & { session?: Stored },
    reply,
    use,
  ) =>
    new Promise<void>((resolve, reject) => {
      middleware(request, reply, (error) => {
        if (error) return reject(error);
        reply.end(use(request.session ?? {}));
        resolve();
      });
    });
  const cookieOf = (id: string) => `connect.sid=${encodeURIComponent(`s:${id}.${signature(id)}`)}`;
  const site = { serve, serveExtending: serve, cookieOf, close: async () => close?.() };
  return overRequests(site, PROPERTIES, size);
}
