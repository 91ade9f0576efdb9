import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { PostgresStore } from "@sess/store-postgres";
import { missingPostgres, orSkip } from "@sess/test-servers";
import { handle, handles, record } from "@sess/test-support";
import {
  expireRow,
  schemaInProcess,
  schemaOnServer,
  type TestSchema,
} from "./support/test-schema.ts";
import { WatchedClient } from "./support/watched-client.ts";

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

function testBatches(makeSchema: () => Promise<TestSchema>): void {
  let client: WatchedClient;
  let store: PostgresStore;
  let expire: (handle: string) => Promise<void>;

  beforeAll(async () => {
    const schema = await makeSchema();
    const names = schema.nextTable();
    client = new WatchedClient(schema.db);
    store = new PostgresStore(client, names);
    expire = (each) => expireRow(schema.db, names, each);
    await store.createTable();
  });

  beforeEach(async () => {
    for (const each of handles(ODD.length)) await store.delete(each);
  });

  test("odd texts arrive as they are", async () => {
    const records = ODD.map((odd, index) => {
      const owner = odd === "" ? {} : { owner: odd };
      return record({ data: odd, expiresAt: Date.now() + 60_000 + index, ...owner });
    });
    const sent = await client.during(() =>
      Promise.all(records.map((each, index) => store.save(handle(index), each))),
    );
    expect(sent).toEqual([`insert ${ODD.length}`]);
    const loaded = await Promise.all(records.map((_, index) => store.load(handle(index))));
    expect(loaded).toEqual(records);
  });

  test("odd texts replace others as they are", async () => {
    await Promise.all(ODD.map((_, index) => store.save(handle(index), record())));
    const records = ODD.map((odd, index) => record({ revision: 2, data: odd + index }));
    const saved = await Promise.all(records.map((each, index) => store.save(handle(index), each)));
    expect(saved).toEqual(ODD.map(() => true));
    const loaded = await Promise.all(records.map((_, index) => store.load(handle(index))));
    expect(loaded).toEqual(records);
  });

  test("a record that holds what separates the others goes alone", async () => {
    const records = [
      record({ data: "before" }),
      record({ data: `one${SEPARATOR}two` }),
      record({ data: "between" }),
      record({ data: "owned", owner: `ada${SEPARATOR}lovelace` }),
      record({ data: "after", owner: "ada" }),
      record({ data: "last" }),
    ];
    const sent = await client.during(() =>
      Promise.all(records.map((each, index) => store.save(handle(index), each))),
    );
    expect(sent).toHaveLength(5);
    expect(sent.at(-1)).toBe("insert 2");
    const loaded = await Promise.all(records.map((_, index) => store.load(handle(index))));
    expect(loaded).toEqual(records);
  });

  test("a handle that holds what separates the others finds its own session alone", async () => {
    await Promise.all([0, 1].map((index) => store.save(handle(index), record())));
    const all = [handles(2).join(SEPARATOR), handle(0)];
    const loadAll = () => Promise.all(all.map(async (each) => (await store.load(each))?.data));
    const deleteAll = () => Promise.all(all.map((each) => store.delete(each)));
    expect(await loadAll()).toEqual([undefined, "data"]);
    expect(await deleteAll()).toEqual([false, true]);
    expect(await store.load(handle(1))).toBeDefined();
    await Promise.all(all.map((each) => store.save(each, record({ data: each }))));
    expect(await loadAll()).toEqual(all);
    expect(await deleteAll()).toEqual([true, true]);
  });

  test("nothing that has expired is reached", async () => {
    await Promise.all(handles(4).map((each) => store.save(each, record())));
    for (const each of handles(3, 1)) await expire(each);
    const both = handles(2);
    const loaded = await Promise.all(both.map((each) => store.load(each)));
    expect(loaded).toEqual([expect.anything(), undefined]);
    const later = Date.now() + 60_000;
    expect(await Promise.all(both.map((each) => store.touch(each, later)))).toEqual([true, false]);
    const next = record({ revision: 2 });
    const replaced = [handle(0), handle(2)].map((each) => store.save(each, next));
    expect(await Promise.all(replaced)).toEqual([true, false]);
    const begun = [handle(0), handle(3)].map((each) => store.save(each, record()));
    expect(await Promise.all(begun)).toEqual([false, true]);
    expect(await Promise.all(both.map((each) => store.delete(each)))).toEqual([true, false]);
  });
}

describe("in the batches of a database in this process,", () => testBatches(schemaInProcess));

orSkip(describe, missingPostgres())("in the batches of a server,", () =>
  testBatches(schemaOnServer),
);
