import { DAY, type ObjectStore, overStore } from "../accesses/accesses.ts";
import type { Values } from "../accesses/session-values.ts";
import { type Contender, openPool, openRedisClient } from "./contender.ts";

const LACKS = ["no session at all: a limit", "no check of revisions", "ids in plain"];

/** What one would write oneself: a key-value store or a bare engine that holds each session as one JSON text. */
export const PLAIN_JSON = {
  keyv: {
    title: "keyv, memory",
    lacks: ["no session: a key-value store", "no check of revisions", "ids in plain"],
    open: async ({ size }) => overStore(await openKeyv(), size),
  },
  map: {
    title: "a bare Map with JSON",
    lacks: LACKS,
    open: async ({ size }) => overStore(asJson(openMap()), size),
  },
  "level-put": {
    title: "classic-level, get and a synced put each",
    lacks: LACKS,
    open: async ({ size, directory }) => overStore(asJson(await openLevel(directory)), size),
  },
  "redis-bare": {
    title: "the bare redis client with JSON",
    lacks: LACKS,
    open: async ({ size, url }) => overStore(asJson(await openRedis(url)), size),
  },
  "postgres-bare": {
    title: "bare pg, prepared statements, with JSON",
    lacks: LACKS,
    open: async ({ size, url }) => overStore(asJson(await openPostgres(url)), size),
  },
} satisfies Record<string, Contender>;

async function openKeyv(): Promise<ObjectStore<Values>> {
  const { default: Keyv } = await import("keyv");
  const keyv = new Keyv<Values>({ ttl: DAY });
  const get = (id: string) => keyv.get<Values>(id);
  const set = (id: string, values: Values) => keyv.set(id, values);
  const extend = async (id: string) => {
    const values = await get(id);
    if (values) await set(id, values);
  };
  return { get, set, add: set, extend, close: () => keyv.disconnect() };
}

/** An engine that keeps texts under ids for a day. */
interface TextStore extends Pick<ObjectStore<Values>, "extend" | "expiry" | "close"> {
  get(id: string): Promise<string | null | undefined>;
  set(id: string, text: string): Promise<unknown>;
  /** Stores a new text. */
  add(id: string, text: string): Promise<unknown>;
}

/** Encodes and parses each session as a whole, which no store of texts can do without. */
function asJson(texts: TextStore): ObjectStore<Values> {
  return {
    ...texts,
    get: async (id) => {
      const text = await texts.get(id);
      return typeof text === "string" ? JSON.parse(text) : undefined;
    },
    set: (id, values) => texts.set(id, JSON.stringify(values)),
    add: (id, values) => texts.add(id, JSON.stringify(values)),
  };
}

function openMap(): TextStore {
  const entries = new Map<string, { text: string; expiresAt: number }>();
  const set = async (id: string, text: string) => {
    entries.set(id, { text, expiresAt: Date.now() + DAY });
  };
  return {
    get: async (id) => {
      const entry = entries.get(id);
      return entry && entry.expiresAt > Date.now() ? entry.text : undefined;
    },
    set,
    add: set,
    extend: async (id) => {
      const entry = entries.get(id);
      if (entry) entry.expiresAt = Date.now() + DAY;
    },
    expiry: async (id) => entries.get(id)?.expiresAt ?? 0,
    close: async () => entries.clear(),
  };
}

async function openLevel(directory: string): Promise<TextStore> {
  const { ClassicLevel } = await import("classic-level");
  const db = new ClassicLevel<string, string>(directory);
  await db.open();
  const set = (id: string, text: string) => db.put(id, text, { sync: true });
  return { get: (id) => db.get(id), set, add: set, close: () => db.close() };
}

async function openRedis(url: string): Promise<TextStore> {
  const { client, prefix, close } = await openRedisClient(url, "bare");
  const set = (id: string, text: string) => client.set(prefix + id, text, { PX: DAY });
  const extend = (id: string) => client.getEx(prefix + id, { type: "PX", value: DAY });
  return { get: (id) => client.get(prefix + id), set, add: set, extend, close };
}

async function openPostgres(url: string): Promise<TextStore> {
  const { pool, schema, close } = await openPool(url, "bare");
  const table = `${schema}.sessions`;
  await pool.query(
    `CREATE TABLE ${table} (id text PRIMARY KEY, data text, expires_at timestamptz NOT NULL)`,
  );
  const prepared =
    (name: string, text: string) =>
    (...values: string[]) =>
      pool.query<{ data: string }>({ name, text, values });
  const later = "now() + interval '1 day'";
  const select = `SELECT data FROM ${table} WHERE id = $1 AND expires_at > now()`;
  const get = prepared("get", select);
  return {
    get: async (id) => (await get(id)).rows[0]?.data,
    set: prepared("set", `UPDATE ${table} SET data = $2, expires_at = ${later} WHERE id = $1`),
    add: prepared("add", `INSERT INTO ${table} VALUES ($1, $2, ${later})`),
    extend: prepared("extend", `UPDATE ${table} SET expires_at = ${later} WHERE id = $1`),
    close,
  };
}
