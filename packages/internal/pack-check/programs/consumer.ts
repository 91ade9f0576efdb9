import { test } from "node:test";
import { SessionError, type SessionErrorCode, SessionManager, type Store } from "@sess/core";
import { testStore } from "@sess/core/conformance";
import { LevelStore } from "@sess/store-level";
import { MemoryStore } from "@sess/store-memory";
import { PostgresStore } from "@sess/store-postgres";
import { RedisStore } from "@sess/store-redis";
import { Client, Pool } from "pg";
import { createClient, createClientPool, createCluster } from "redis";

// A user's code against our types: compiled, never run. Each `@ts-expect-error` proves that a type was
// found, since one that is not found is `any`, and `any` accepts everything.

interface Values {
  alias: string;
  cart: { items: string[] };
}

interface Messages {
  info: string;
}

export async function visit(id: string | undefined): Promise<string | undefined> {
  await using sessions = new SessionManager<Values, Messages>({ store: new MemoryStore() });
  const session = await sessions.open(id);

  session.set("alias", "GoTamer");
  // @ts-expect-error: an alias is a string
  session.set("alias", 1);
  // @ts-expect-error: there is no such key
  session.get("allias");

  session.flash("info", "Welcome");
  const [message]: string[] = await session.takeFlash("info");
  // @ts-expect-error: there is no such kind of message
  await session.takeFlash("warning");

  await session.save();
  const alias: string | undefined = session.get("alias");
  // @ts-expect-error: it may not be there
  const sure: string = session.get("alias");
  return alias ?? message ?? sure;
}

export function code(error: unknown): SessionErrorCode | undefined {
  if (!(error instanceof SessionError)) return undefined;
  // @ts-expect-error: there is no such code
  if (error.code === "SESSION_LOST") throw error;
  return error.code;
}

export async function stores(): Promise<Store[]> {
  // @ts-expect-error: the option is a number
  new MemoryStore({ maxSessions: "many" });
  // @ts-expect-error: the option is "sync" or "async"
  await LevelStore.open("./sessions", { read: "sometimes" });
  return [new MemoryStore({ maxSessions: 10 }), await LevelStore.open("./sessions")];
}

export function redisStores(): Store[] {
  // @ts-expect-error: the address alone is no client
  new RedisStore("redis://localhost:6379");
  // @ts-expect-error: the option is a text
  new RedisStore(createClient(), { prefix: 1 });
  return [
    new RedisStore(createClient(), { prefix: "sess:" }),
    new RedisStore(createClientPool()),
    new RedisStore(createCluster({ rootNodes: [] })),
  ];
}

export function postgresStores(): Store[] {
  // @ts-expect-error: the address alone is no client
  new PostgresStore("postgres://localhost");
  // @ts-expect-error: the option is a text
  new PostgresStore(new Pool(), { table: 1 });
  return [
    new PostgresStore(new Pool(), { table: "sessions", schema: "app" }),
    new PostgresStore(new Client()),
    new PostgresStore({ query: async (_text, _values) => ({ rows: [] }) }),
  ];
}

testStore({ test, createStore: () => new MemoryStore(), singleProcess: true });
// @ts-expect-error: how the engine is shared must be said
testStore({ test, createStore: () => new MemoryStore() });
