import { beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type PostgresClient, PostgresStore } from "@sess/store-postgres";
import { handle, handles, record, rejection } from "@sess/test-support";
import { schemaInProcess, type TestSchema } from "./support/test-schema.ts";

const COUNT = 250;

let schema: TestSchema;
let store: PostgresStore;
/** Sessions whose rows the server refuses to read. */
let unreadable: readonly string[];

beforeAll(async () => {
  schema = await schemaInProcess();
});

beforeEach(async () => {
  unreadable = [];
  const refusing: PostgresClient = {
    async query(text, values) {
      const result = await schema.db.query(text, values);
      if (result.rows.some((row) => "data" in row && unreadable.includes(String(row["handle"])))) {
        throw Object.assign(new Error("could not read block 0"), { code: "XX001" });
      }
      return result;
    },
  };
  store = new PostgresStore(refusing, schema.nextTable());
  await store.createTable();
  const owners = ["ada", "bob"];
  await Promise.all(
    handles(COUNT).map((each, index) =>
      store.save(each, record({ data: each, owner: owners[index % 2] ?? "" })),
    ),
  );
});

async function listInto(listed: string[], owner?: string): Promise<void> {
  for await (const [each, { data }] of store.list(owner)) {
    expect(data).toBe(each);
    listed.push(each);
  }
}

test("a list of several pages has every session once, in the order of the handles", async () => {
  const listed: string[] = [];
  await listInto(listed);
  expect(listed).toEqual(handles(COUNT));
});

test("an owner's list of several pages has that owner's sessions alone", async () => {
  const listed: string[] = [];
  await listInto(listed, "bob");
  expect(listed).toEqual(handles(COUNT).filter((_, index) => index % 2 === 1));
});

test("rows that the server cannot read are skipped and reported at the end, on whatever page", async () => {
  unreadable = [handle(50), handle(101), handle(102), handle(249)];
  const listed: string[] = [];
  expect(await rejection(listInto(listed))).toMatchObject({
    code: "RECORD_CORRUPT",
    message: expect.stringContaining("4 damaged records"),
    cause: { code: "RECORD_CORRUPT", message: expect.stringContaining(handle(50)) },
  });
  expect(listed).toEqual(handles(COUNT).filter((each) => !unreadable.includes(each)));
});

test("a row that the server cannot read beyond the first page hides nothing of an owner's list", async () => {
  unreadable = [handle(231)];
  const listed: string[] = [];
  expect(await rejection(listInto(listed, "bob"))).toMatchObject({ code: "RECORD_CORRUPT" });
  expect(listed).toHaveLength(COUNT / 2 - 1);
  expect(new Set(listed).size).toBe(listed.length);
});

test("a list that is left early leaves nothing behind", async () => {
  for await (const [first] of store.list()) {
    expect(first).toBe(handle(0));
    break;
  }
  await store.close();
});
