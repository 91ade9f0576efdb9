import { type Session, SessionManager, type Store } from "@sess/core";
import { MemoryStore } from "@sess/store-memory";
import { stringifySetCookie } from "cookie";
import { type Library, overLibrary } from "../accesses/accesses.ts";
import { GET_AND_SET } from "../accesses/handling.ts";
import { cookieIn, overRequests, type Serve, type Site } from "../accesses/requests.ts";
import type { Size, Values } from "../accesses/session-values.ts";
import { type Contender, openPool, openRedisClient } from "./contender.ts";

/** @sess on the whole path of a request, and manager and store alone over each of our stores. */
export const SESS = {
  sess: {
    title: "@sess, MemoryStore",
    lacks: [],
    open: async ({ size }) =>
      overRequests(siteOf(managersOver(new MemoryStore())), GET_AND_SET, size),
  },
  "sess-manager": {
    title: "@sess manager and MemoryStore",
    lacks: [],
    open: async ({ size }) => overLibrary(libraryOver(new MemoryStore()), size),
  },
  "sess-level": {
    title: "@sess LevelStore",
    lacks: [],
    open: ({ size, directory }) => openLevel(directory, true, size),
  },
  "sess-level-unsynced": {
    title: "@sess LevelStore, sync: false",
    lacks: ["saves may be lost with the machine"],
    open: ({ size, directory }) => openLevel(directory, false, size),
  },
  "sess-redis": {
    title: "@sess RedisStore",
    lacks: [],
    open: async ({ size, url }) => {
      const { RedisStore } = await import("@sess/store-redis");
      const { client, prefix, close } = await openRedisClient(url, "sess");
      return overLibrary(libraryOver(new RedisStore(client, { prefix }), close), size);
    },
  },
  "sess-postgres": {
    title: "@sess PostgresStore",
    lacks: [],
    open: async ({ size, url }) => {
      const { PostgresStore } = await import("@sess/store-postgres");
      const { pool, schema, close } = await openPool(url, "sess");
      const store = new PostgresStore(pool, { schema });
      await store.createTable();
      return overLibrary(libraryOver(store, close), size);
    },
  },
} satisfies Record<string, Contender>;

async function openLevel(directory: string, sync: boolean, size: Size) {
  const { LevelStore } = await import("@sess/store-level");
  return overLibrary(libraryOver(await LevelStore.open(directory, { sync })), size);
}

interface Managers {
  readonly manager: SessionManager<Values>;
  /** Extends a session at each access, no matter when it was extended last. */
  readonly extending: SessionManager<Values>;
}

function managersOver(store: Store): Managers {
  return {
    manager: new SessionManager({ store, sweepInterval: 0 }),
    extending: new SessionManager({ store, sweepInterval: 0, touchAfter: 0 }),
  };
}

/** `closeEngine` closes what the store leaves open. */
function libraryOver(store: Store, closeEngine = async () => {}): Library<Session<Values>> {
  const { manager, extending } = managersOver(store);
  return {
    open: (id) => manager.open(id),
    // A lifetime of its own would be stored in the session, and make it longer.
    create: (idleTimeout) =>
      idleTimeout === undefined ? manager.create() : manager.create({ idleTimeout }),
    save: (session) => session.save(),
    extend: async (id) => (await extending.open(id)).save(),
    expiry: async (id) => (await manager.open(id)).expiresAt.getTime(),
    sweep: () => manager.sweep(),
    close: async () => {
      await manager.close();
      await closeEngine();
    },
  };
}

const COOKIE = "__Host-session";
const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: "lax", path: "/" } as const;

function siteOf({ manager, extending }: Managers): Site<Session<Values>> {
  return {
    serve: serveWith(manager),
    serveExtending: serveWith(extending),
    cookieOf: (id) => `${COOKIE}=${id}`,
    expiry: async (header) => {
      const session = await manager.open(cookieIn(header, COOKIE));
      return session.expiresAt.getTime();
    },
    close: () => manager.close(),
  };
}

function serveWith(manager: SessionManager<Values>): Serve<Session<Values>> {
  return async (request, reply, use) => {
    const id = cookieIn(request.headers.cookie, COOKIE);
    const session = await manager.open(id);
    const body = use(session);
    await session.save();
    if (session.id !== id && !session.isNew) {
      const cookie = { name: COOKIE, value: session.id, ...ATTRIBUTES };
      reply.setHeader("Set-Cookie", stringifySetCookie(cookie));
    }
    reply.end(body);
  };
}
