import { expect, test } from "@jest/globals";
import { type PostgresClient, PostgresStore } from "@sess/store-postgres";

const client: PostgresClient = { query: async () => ({ rows: [] }) };

/** As a caller without types would call it. */
function make(...args: readonly unknown[]): unknown {
  return Reflect.construct(PostgresStore, args);
}

test.each([
  ["no client", [], "query(text, values)"],
  ["a client without query", [{}], "query(text, values)"],
  ["a connection string for a client", ["postgres://localhost"], "query(text, values)"],
  ["a text for options", [client, "sessions"], "object"],
  ["null for options", [client, null], "object"],
  ["an unknown option", [client, { tableName: "x" }], `no option "tableName"`],
  ["an empty table", [client, { table: "" }], "table must be"],
  ["a table that is no text", [client, { table: 7 }], "table must be"],
  ["a table with NUL", [client, { table: "a\0" }], "table must be"],
  ["a table of 64 bytes", [client, { table: "n".repeat(64) }], "1 to 63 bytes"],
  ["a table of 32 letters of two bytes", [client, { table: "é".repeat(32) }], "1 to 63 bytes"],
  ["a prepare that is no boolean", [client, { prepare: "no" }], "prepare must be true or false"],
  ["an empty schema", [client, { schema: "" }], "schema must be"],
  ["a schema of 64 bytes", [client, { schema: "n".repeat(64) }], "1 to 63 bytes"],
])("the constructor refuses %s", (_, args, message) => {
  const construct = () => make(...args);
  expect(construct).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  expect(construct).toThrow(message);
});

test("options that are undefined are the defaults", () => {
  expect(() =>
    make(client, { table: undefined, schema: undefined, prepare: undefined }),
  ).not.toThrow();
});

test("nothing is asked of the client before the first call", () => {
  const silent: PostgresClient = {
    query: () => {
      throw new Error("too early");
    },
  };
  expect(() => new PostgresStore(silent)).not.toThrow();
});
