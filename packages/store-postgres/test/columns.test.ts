import type { PGlite } from "@electric-sql/pglite";
import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type PostgresClient, PostgresStore } from "@sess/store-postgres";
import { missingPostgres, openPostgres, orSkip } from "@sess/test-servers";
import { placeInProcess, placeOn } from "./place.ts";
import { collect, handle, handles, record } from "./sessions.ts";
import { Watched } from "./watched.ts";

const SEPARATOR = "\u001e";

/** What has a meaning in an array, a string or JSON of PostgreSQL, or none at all. */
const ODD = [
  "",
  "NULL",
  "{}",
  '{"a","b"}',
  '"',
  "\\",
  '\\"',
  "\\x1e",
  "E'\\x1e'",
  ",",
  "'; DROP TABLE sessions; --",
  "\t\n\r",
  "\u0001\u001d\u001f\u007f",
  "\u2028 é 漢字 🦊",
  " with spaces around ",
];

const places = { "in this process": placeInProcess, "on a server": onServer };

async function onServer() {
  return placeOn((await openPostgres()).url);
}

describe.each(Object.entries(places))("what calls of one turn bring along, %s,", (where, begin) => {
  const it = where === "on a server" ? orSkip(test, missingPostgres()) : test;
  let watched: Watched;
  let store: PostgresStore;

  beforeAll(async () => {
    if (where === "on a server" && missingPostgres() !== undefined) return;
    const place = await begin();
    watched = new Watched(place.db);
    store = new PostgresStore(watched, place.table());
    await store.createTable();
  });

  beforeEach(async () => {
    for (const key of handles(ODD.length)) await store?.delete(key);
  });

  it("arrives as it was, whatever it is", async () => {
    const records = ODD.map((odd, index) => {
      const owner = odd === "" ? {} : { owner: odd };
      return record({
        data: odd,
        expiresAt: Date.now() + 60_000 + index,
        ...owner,
      });
    });
    const sent = await watched.during(() =>
      Promise.all(records.map((each, index) => store.save(handle(index), each))),
    );
    expect(sent).toEqual([`insert ${ODD.length}`]);
    const loaded = await Promise.all(records.map((_, index) => store.load(handle(index))));
    expect(loaded).toEqual(records);
  });

  it("is replaced as it was, whatever it is", async () => {
    await Promise.all(ODD.map((_, index) => store.save(handle(index), record())));
    const records = ODD.map((odd, index) => record({ revision: 2, data: odd + index }));
    const saved = await Promise.all(records.map((each, index) => store.save(handle(index), each)));
    expect(saved).toEqual(ODD.map(() => true));
    const loaded = await Promise.all(records.map((_, index) => store.load(handle(index))));
    expect(loaded).toEqual(records);
  });

  it("goes by itself where it holds what stands between the others", async () => {
    const records = [
      record({ data: "before" }),
      record({ data: `one${SEPARATOR}two` }),
      record({ data: "between" }),
      record({ data: "owned", owner: `ada${SEPARATOR}lovelace` }),
      record({ data: "after", owner: "ada" }),
    ];
    const sent = await watched.during(() =>
      Promise.all(records.map((each, index) => store.save(handle(index), each))),
    );
    expect(sent).toHaveLength(3);
    expect(sent.at(-1)).toBe("insert 3");
    const loaded = await Promise.all(records.map((_, index) => store.load(handle(index))));
    expect(loaded).toEqual(records);
  });

  it("is found by a key that holds it, and no other session is", async () => {
    await Promise.all([0, 1].map((index) => store.save(handle(index), record())));
    const keys = [handles(2).join(SEPARATOR), handle(0)];
    const loadAll = () => Promise.all(keys.map(async (key) => (await store.load(key))?.data));
    const deleteAll = () => Promise.all(keys.map((key) => store.delete(key)));
    expect(await loadAll()).toEqual([undefined, "data"]);
    expect(await deleteAll()).toEqual([false, true]);
    expect(await store.load(handle(1))).toBeDefined();
    await Promise.all(keys.map((key) => store.save(key, record({ data: key }))));
    expect(await loadAll()).toEqual(keys);
    expect(await deleteAll()).toEqual([true, true]);
  });

  it("reaches nothing that has expired", async () => {
    const over = record({ expiresAt: Date.now() - 1000 });
    await Promise.all([
      store.save(handle(0), record()),
      store.save(handle(1), over),
      store.save(handle(2), over),
      store.save(handle(3), over),
    ]);
    const keys = handles(2);
    const loaded = await Promise.all(keys.map((key) => store.load(key)));
    expect(loaded).toEqual([expect.anything(), undefined]);
    const later = Date.now() + 60_000;
    expect(await Promise.all(keys.map((key) => store.touch(key, later)))).toEqual([true, false]);
    const next = record({ revision: 2 });
    const replaced = [handle(0), handle(2)].map((key) => store.save(key, next));
    expect(await Promise.all(replaced)).toEqual([true, false]);
    const begun = [handle(0), handle(3)].map((key) => store.save(key, record()));
    expect(await Promise.all(begun)).toEqual([false, true]);
    expect(await Promise.all(keys.map((key) => store.delete(key)))).toEqual([true, false]);
  });
});

describe("a client that prepares by name may answer", () => {
  test.each(["array", "object"] as const)("with rows of the kind %s", async (rowMode) => {
    const place = await placeInProcess();
    const store = new PostgresStore(new Connecting(place.db, rowMode), place.table());
    await store.createTable();
    const records = handles(2).map((data) => record({ data, owner: "ada" }));
    const saving = records.map((each) => store.save(each.data, each));
    expect(await Promise.all(saving)).toEqual([true, true]);
    const loading = handles(3).map((key) => store.load(key));
    expect(await Promise.all(loading)).toEqual([...records, undefined]);
    expect(await store.load(handle(1))).toEqual(records[1]);
    expect(await collect(store.list("ada"))).toEqual(records.map((each) => [each.data, each]));
    const deleting = handles(3).map((key) => store.delete(key));
    expect(await Promise.all(deleting)).toEqual([true, true, false]);
  });
});

/** Takes a statement with its name, as `pg` does. */
class Connecting implements PostgresClient {
  readonly #db: PGlite;
  readonly #rowMode: "array" | "object";

  constructor(db: PGlite, rowMode: "array" | "object") {
    this.#db = db;
    this.#rowMode = rowMode;
  }

  connect(): void {}

  async query(given: string | { text: string; values: unknown[] }) {
    if (typeof given === "string") throw new Error("The statement has no name.");
    const { text, values } = given;
    return this.#db.query<Record<string, unknown>>(text, values, { rowMode: this.#rowMode });
  }
}
