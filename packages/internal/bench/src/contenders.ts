import type { Contender } from "./contender.ts";

/** Every contender, loaded by the process that measures it and by no other. */
const LOADERS = {
  sess: () => import("./contenders/sess.ts"),
  "sess-manager": () => import("./contenders/sess-manager.ts"),
  "express-session": () => import("./contenders/express-session.ts"),
  "express-memorystore": () => import("./contenders/express-memorystore.ts"),
  "fastify-session": () => import("./contenders/fastify-session.ts"),
  "koa-session": () => import("./contenders/koa-session.ts"),
  "remix-path": () => import("./contenders/remix-path.ts"),
  "iron-session": () => import("./contenders/iron-session.ts"),
  "memory-store": () => import("./contenders/memory-store.ts"),
  memorystore: () => import("./contenders/memorystore.ts"),
  "fastify-store": () => import("./contenders/fastify-store.ts"),
  "remix-memory": () => import("./contenders/remix-memory.ts"),
  keyv: () => import("./contenders/keyv.ts"),
  map: () => import("./contenders/map.ts"),
  "sess-level": () => import("./contenders/sess-level.ts"),
  "sess-level-unsynced": () => import("./contenders/sess-level-unsynced.ts"),
  "level-session-store": () => import("./contenders/level-session-store.ts"),
  "session-file-store": () => import("./contenders/session-file-store.ts"),
  "remix-files": () => import("./contenders/remix-files.ts"),
  "level-put": () => import("./contenders/level-put.ts"),
  "level-bare": () => import("./contenders/level-bare.ts"),
  "sess-redis": () => import("./contenders/sess-redis.ts"),
  "connect-redis": () => import("./contenders/connect-redis.ts"),
  "redis-bare": () => import("./contenders/redis-bare.ts"),
  "sess-postgres": () => import("./contenders/sess-postgres.ts"),
  "connect-pg-simple": () => import("./contenders/connect-pg-simple.ts"),
  "postgres-bare": () => import("./contenders/postgres-bare.ts"),
} satisfies Record<string, () => Promise<{ contender: Contender }>>;

export type ContenderName = keyof typeof LOADERS;

/** Those that need a server, by its kind. */
export const OVER_SERVERS = {
  redis: ["sess-redis", "connect-redis", "redis-bare"],
  postgres: ["sess-postgres", "connect-pg-simple", "postgres-bare"],
} satisfies Record<string, ContenderName[]>;

export function contenderNames(): ContenderName[] {
  const names = Object.keys(LOADERS);
  return names.filter((name): name is ContenderName => name in LOADERS);
}

export async function contenderNamed(name: ContenderName): Promise<Contender> {
  return (await LOADERS[name]()).contender;
}
