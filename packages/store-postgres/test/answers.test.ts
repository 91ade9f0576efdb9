import { beforeAll, describe, expect, test } from "@jest/globals";
import { SessionError } from "@sess/core";
import { type PostgresClient, PostgresStore } from "@sess/store-postgres";
import { collect, handle, handles, record, rejection } from "@sess/test-support";
import fc from "fast-check";
import { schemaInProcess, type TestSchema } from "./support/test-schema.ts";

const SECRET = "the number of a card";
const { expiresAt } = record();

/** A store over an adapter that answers everything with the same. */
function storeThatAnswers(answer: unknown): PostgresStore {
  return Reflect.construct(PostgresStore, [{ query: async () => answer }]);
}

/** Calls whose answer could be a yes. */
function callsOf(store: PostgresStore): Record<string, () => Promise<unknown>> {
  return {
    create: () => store.save(handle(1), record()),
    replace: () => store.save(handle(1), record({ revision: 2 })),
    touch: () => store.touch(handle(1), expiresAt),
    delete: () => store.delete(handle(1)),
    load: () => store.load(handle(1)),
    list: async () => (await collect(store.list())).length > 0,
    sweep: async () => (await store.sweep()) > 0,
    "many saves": async () =>
      (await Promise.all(handles(3).map((each) => store.save(each, record())))).includes(true),
  };
}

describe("a client's answer of another shape is an error that says which:", () => {
  test.each([
    ["nothing", undefined, "undefined"],
    ["null", null, "null"],
    ["text", SECRET, "a string"],
    ["rows without a result", [{ handle: SECRET }], "rows are undefined"],
    ["rows that are a number", { rows: 7 }, "rows are a number"],
    ["a row that is a number", { rows: [0] }, "a row that is a number"],
    ["an empty row", { rows: [[], 0] }, "a row of 0 values"],
    ["a row of other columns", { rows: [{ secret: SECRET }] }, "is undefined"],
    [
      "a row of too many values",
      { rows: [[handle(1), SECRET, "written", "written"]] },
      "a row of 4",
    ],
    ["a row of numbers", { rows: [{ handle: 1, outcome: true, removed: 1 }] }, "is a number"],
  ])("%s", async (_, answer, shape) => {
    for (const [name, call] of Object.entries(callsOf(storeThatAnswers(answer)))) {
      const error = await rejection(call());
      expect({ name, error }).toMatchObject({ name, error: { code: "STORE_UNAVAILABLE" } });
      expect(String(error)).toContain(shape);
      expect(String(error)).not.toContain(SECRET);
    }
  });

  test.each([
    ["an outcome that no write has", [{ handle: handle(1), outcome: SECRET }]],
    ["the outcome of another session", [{ handle: handle(2), outcome: "written" }]],
    ["two outcomes", [1, 2].map(() => ({ handle: handle(1), outcome: "written" }))],
    ["no outcome", []],
  ])("%s", async (_, rows) => {
    const store = storeThatAnswers({ rows });
    for (const call of [
      store.save(handle(1), record()),
      store.save(handle(1), record({ revision: 2 })),
      store.touch(handle(1), expiresAt),
      store.delete(handle(1)),
    ]) {
      const error = await rejection(call);
      expect(error).toMatchObject({ code: "STORE_UNAVAILABLE" });
      expect(String(error)).toMatch(/may have done so/);
      expect(String(error)).not.toContain(SECRET);
    }
  });

  test("no answer that is made up is taken for a yes", async () => {
    const value = fc.oneof(
      fc.constantFrom(handle(2), "written ", "WRITTEN", "", "t", "1", null, undefined, true, 1, 1n),
      fc.string(),
    );
    const row = fc.oneof(
      fc.array(value, { maxLength: 7 }),
      fc.record(
        { handle: value, outcome: value, removed: fc.constantFrom("x", "", null, true) },
        { requiredKeys: [] },
      ),
      fc.anything(),
    );
    const answer = fc.oneof(
      fc.anything(),
      fc.record({ rows: fc.oneof(fc.array(row, { maxLength: 3 }), fc.anything()) }),
    );
    await fc.assert(
      fc.asyncProperty(answer, async (made) => {
        const { list: _, ...calls } = callsOf(storeThatAnswers(made));
        for (const call of Object.values(calls)) {
          const outcome = await call().catch((error: unknown) => {
            if (error instanceof SessionError && error.code === "STORE_UNAVAILABLE") return false;
            throw error;
          });
          expect(outcome || false).toBe(false);
        }
      }),
    );
  });
});

describe("what a client makes of values does not matter:", () => {
  let schema: TestSchema;

  beforeAll(async () => {
    schema = await schemaInProcess();
  });

  /** 16 is bool, 20 int8, 23 int4; whatever they are read as, it is not what it was. */
  test.each([
    ["numbers as bigints", (text: string) => BigInt(Number(text) || 0)],
    ["truth as text", () => "false"],
    ["all of them as nothing", () => undefined],
  ])("%s", async (_, parse) => {
    const parsers = { 16: parse, 20: parse, 21: parse, 23: parse, 1700: parse };
    const client: PostgresClient = {
      query: (text, values) => {
        if ("query" in schema.db) return queryWith(parsers, text, values);
        throw new Error("no client");
      },
    };
    const names = schema.nextTable();
    const store = new PostgresStore(client, names);
    await store.createTable();
    const saved = record({ owner: "ada" });
    expect(await store.save(handle(1), saved)).toBe(true);
    expect(await store.save(handle(1), saved)).toBe(false);
    expect(await store.load(handle(1))).toEqual(saved);
    expect(await collect(store.list("ada"))).toEqual([[handle(1), saved]]);
    await schema.db.query(`UPDATE "${names.schema}"."${names.table}" SET expires_at = 1`, []);
    expect(await store.load(handle(1))).toBeUndefined();
    expect(await store.delete(handle(1))).toBe(false);
    expect(await store.delete(handle(1))).toBe(false);
    expect(await store.sweep()).toBe(0);
  });

  function queryWith(parsers: object, text: string, values: unknown[]) {
    return Reflect.apply(schema.db.query, schema.db, [text, values, { parsers }]);
  }
});
