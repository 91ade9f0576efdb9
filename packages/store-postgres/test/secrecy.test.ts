import { inspect } from "node:util";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { SessionError } from "@sess/core";
import { PostgresStore } from "@sess/store-postgres";
import { missingPostgres, orSkip } from "@sess/test-servers";
import { handle, record, rejection } from "@sess/test-support";
import { Table } from "../src/table.ts";
import { schemaInProcess, schemaOnServer, type TestSchema } from "./support/test-schema.ts";

const SECRET = "the number of a card";

/** Everything that an error shows to somebody who looks. */
function shown(error: unknown): string {
  return inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true });
}

function testSecrecy(makeSchema: () => Promise<TestSchema>): void {
  let store: PostgresStore;
  /** What the client rejected with. */
  const raw: unknown[] = [];

  beforeAll(async () => {
    const { db, name, nextTable } = await makeSchema();
    const names = nextTable();
    const noting = async (text: string, values: unknown[]) => {
      try {
        return await db.query(text, values);
      } catch (error) {
        raw.push(error);
        throw error;
      }
    };
    store = new PostgresStore({ query: noting }, names);
    await store.createTable();
    await db.query(
      `CREATE FUNCTION "${name}".refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'refused' USING DETAIL = new.data, HINT = new.data; END $$`,
      [],
    );
    await db.query(
      `CREATE TRIGGER refuse BEFORE INSERT ON ${new Table(names).name}
       FOR EACH ROW EXECUTE FUNCTION "${name}".refuse()`,
      [],
    );
  });

  test("a refused save shows the server's message and code and nothing of the session", async () => {
    const secret = record({ data: SECRET, owner: SECRET });
    const alone = await rejection(store.save(handle(1), secret));
    const together = await Promise.all(
      [2, 3].map((number) => rejection(store.save(handle(number), secret))),
    );
    for (const error of raw) {
      expect(error).toMatchObject({ detail: expect.stringContaining(SECRET) });
      expect(error).toHaveProperty("where", expect.stringContaining("refuse()"));
    }
    for (const error of [alone, ...together]) {
      if (!(error instanceof SessionError)) throw error;
      expect(error.code).toBe("STORE_UNAVAILABLE");
      const { cause } = error;
      if (!(cause instanceof Error)) throw error;
      expect(cause).toMatchObject({ message: "refused", code: "P0001" });
      expect(Object.keys(cause).sort()).toEqual(["code", "name"]);
      expect(shown(error)).not.toContain(SECRET);
      expect(shown(error)).not.toContain(handle(1));
    }
  });
}

describe("in this process,", () => {
  testSecrecy(schemaInProcess);

  test("what PGlite attaches to an error, a whole batch, is not shown", async () => {
    const { db, nextTable } = await schemaInProcess();
    const raw: unknown[] = [];
    const store = new PostgresStore(
      {
        query: (text, values) =>
          db.query<Record<string, unknown>>(text, values).catch((error: unknown) => {
            raw.push(error);
            throw error;
          }),
      },
      nextTable(),
    );
    const secrets = [4, 5].map((number) => store.save(handle(number), record({ data: SECRET })));
    for (const error of await Promise.all(secrets.map(rejection))) {
      expect(error).toMatchObject({ code: "STORE_UNAVAILABLE", cause: { code: "42P01" } });
      expect(shown(error)).not.toContain(SECRET);
    }
    expect(raw).toMatchObject([
      { params: expect.arrayContaining([expect.stringContaining(SECRET)]) },
    ]);
  });
});

orSkip(describe, missingPostgres())("on a server,", () => testSecrecy(schemaOnServer));
