import { randomBytes } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type PostgresClient, PostgresStore } from "@sess/store-postgres";
import { missingPostgres, orSkip } from "@sess/test-servers";
import { handle, handles, record, rejection } from "@sess/test-support";
import type { Pool } from "pg";
import { Table } from "../src/table.ts";
import {
  poolOf,
  schemaInProcess,
  schemaOnServer,
  type TableName,
  type TestSchema,
} from "./support/test-schema.ts";
import { WatchedClient } from "./support/watched-client.ts";

const COUNT = 21;
const REFUSED = handle(13);

function testRefusals(makeSchema: () => Promise<TestSchema>): void {
  let schema: TestSchema;
  let names: TableName;
  let table: string;
  let client: WatchedClient;
  let store: PostgresStore;

  beforeAll(async () => {
    schema = await makeSchema();
  });

  beforeEach(async () => {
    names = schema.nextTable();
    table = new Table(names).name;
    client = new WatchedClient(schema.db);
    store = new PostgresStore(client, names);
    await store.createTable();
  });

  /** Runs `body`, PL/pgSQL, before each row of `REFUSED` is changed by `event`. */
  async function trigger(event: "INSERT" | "UPDATE" | "DELETE", body: string): Promise<void> {
    const name = `"${names.schema}"."on ${names.table}"`;
    const row = event === "DELETE" ? "old" : "new";
    await schema.db.query(
      `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN IF ${row}.handle = '${REFUSED}' THEN ${body} END IF; RETURN ${row}; END $$`,
      [],
    );
    await schema.db.query(
      `CREATE TRIGGER it BEFORE ${event} ON ${table} FOR EACH ROW EXECUTE FUNCTION ${name}()`,
      [],
    );
  }

  const { expiresAt } = record();

  const writes = [
    ["first saves", "INSERT", (each: string) => store.save(each, record())],
    ["later saves", "UPDATE", (each: string) => store.save(each, record({ revision: 2 }))],
    ["touches", "UPDATE", (each: string) => store.touch(each, expiresAt)],
    ["deletes", "DELETE", (each: string) => store.delete(each)],
  ] as const;

  test.each(writes)(
    "of %s the one that a trigger refuses is rejected, and the others are done",
    async (_, event, write) => {
      if (event !== "INSERT") {
        await Promise.all(handles(COUNT).map((each) => store.save(each, record())));
      }
      await trigger(event, "RAISE EXCEPTION 'not this one';");
      const settled = await Promise.allSettled(handles(COUNT).map(write));
      for (const [index, outcome] of settled.entries()) {
        if (handle(index) !== REFUSED) {
          expect(outcome).toEqual({ status: "fulfilled", value: true });
          continue;
        }
        expect(outcome).toMatchObject({
          status: "rejected",
          reason: {
            code: "STORE_UNAVAILABLE",
            message: expect.stringContaining("Nothing was written"),
            cause: { message: "not this one", code: "P0001" },
          },
        });
      }
    },
  );

  test("the one that a foreign key refuses is rejected, and the others are saved", async () => {
    const users = `"${names.schema}"."users of ${names.table}"`;
    await schema.db.query(`CREATE TABLE ${users} (name text COLLATE "C" PRIMARY KEY)`, []);
    await schema.db.query(`INSERT INTO ${users} VALUES ('ada')`, []);
    await schema.db.query(`ALTER TABLE ${table} ADD FOREIGN KEY (owner) REFERENCES ${users}`, []);
    const settled = await Promise.allSettled(
      handles(COUNT).map((each) =>
        store.save(each, record({ owner: each === REFUSED ? "nobody" : "ada" })),
      ),
    );
    const rejected = settled.filter(({ status }) => status === "rejected");
    expect(rejected).toMatchObject([
      { reason: { code: "STORE_UNAVAILABLE", cause: { code: "23503" } } },
    ]);
    expect(await store.load(REFUSED)).toBeUndefined();
  });

  test("what an index of the table cannot hold is DATA_TOO_LARGE, and the others are saved", async () => {
    await schema.db.query(`CREATE INDEX ON ${table} (data)`, []);
    const large = randomBytes(8_000).toString("base64");
    const settled = await Promise.allSettled(
      handles(COUNT).map((each) =>
        store.save(each, record({ data: each === REFUSED ? large : "data" })),
      ),
    );
    const rejected = settled.filter(({ status }) => status === "rejected");
    expect(rejected).toMatchObject([
      {
        reason: { code: "DATA_TOO_LARGE", message: expect.stringContaining("Nothing was written") },
      },
    ]);
  });

  test.each(writes)(
    "of %s the one that a trigger suppresses resolves to false, after one more statement",
    async (_, event, write) => {
      if (event !== "INSERT") {
        await Promise.all(handles(COUNT).map((each) => store.save(each, record())));
      }
      await trigger(event, "RETURN NULL;");
      let written: boolean[] = [];
      const sent = await client.during(async () => {
        written = await Promise.all(handles(COUNT).map(write));
      });
      expect(written).toEqual(handles(COUNT).map((each) => each !== REFUSED));
      const word = event.toLowerCase();
      expect(sent).toEqual([`${word} ${COUNT}`, `${word} 1`]);
    },
  );
}

describe("in this process,", () => testRefusals(schemaInProcess));

orSkip(describe, missingPostgres())("on a server,", () => {
  testRefusals(schemaOnServer);

  test("what a policy hides from updates is refused, and soon", async () => {
    const schema: TestSchema<Pool> & { readonly url: string } = await schemaOnServer();
    const names = schema.nextTable();
    const table = new Table(names).name;
    const role = `${schema.name}_guest`;
    const owner = new PostgresStore(schema.db, names);
    await owner.createTable();
    await Promise.all(handles(3).map((each) => owner.save(each, record())));
    const guest = poolOf(schema.url, { options: `-c role=${role}` });
    await schema.db.query(`CREATE ROLE "${role}" LOGIN`);
    try {
      await schema.db.query(`GRANT USAGE ON SCHEMA "${schema.name}" TO "${role}"`);
      await schema.db.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO "${role}"`);
      await schema.db.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
      await schema.db.query(`CREATE POLICY see ON ${table} FOR SELECT USING (true)`);
      await schema.db.query(
        `CREATE POLICY change ON ${table} FOR UPDATE USING (handle <> '${handle(1)}')`,
      );
      const client = new WatchedClient(guest);
      const store = new PostgresStore(client, names);
      let saved: boolean[] = [];
      const sent = await client.during(async () => {
        saved = await Promise.all(
          handles(3).map((each) => store.save(each, record({ revision: 2 }))),
        );
      });
      expect(saved).toEqual([true, false, true]);
      expect(sent.length).toBeLessThan(10);
    } finally {
      await guest.end();
      await schema.db.query(`DROP OWNED BY "${role}"`);
      await schema.db.query(`DROP ROLE "${role}"`);
    }
  });
});

describe("a batch that the server refuses", () => {
  let schema: TestSchema;

  beforeAll(async () => {
    schema = await schemaInProcess();
  });

  /** A store whose statements on `REFUSED` all fail with `error`, and what it sends. */
  async function storeThatFails(error: Error) {
    const failing: PostgresClient = {
      query: async (text, values) => {
        if (String(values[0]).includes(REFUSED)) throw error;
        return schema.db.query(text, values);
      },
    };
    const client = new WatchedClient(failing);
    const store = new PostgresStore(client, schema.nextTable());
    await store.createTable();
    return { client, store };
  }

  function saveAll(store: PostgresStore) {
    return Promise.allSettled(handles(COUNT).map((each) => store.save(each, record())));
  }

  test.each([
    "08006",
    "25006",
    "26000",
    "28000",
    "53100",
    "57014",
    "57P01",
    "58030",
    "42P01",
    "ECONNRESET",
  ])("with %s is not halved: what one cannot do, none can", async (code) => {
    const { client, store } = await storeThatFails(Object.assign(new Error("no"), { code }));
    let settled: PromiseSettledResult<boolean>[] = [];
    const sent = await client.during(async () => {
      settled = await saveAll(store);
    });
    expect(sent).toEqual([`insert ${COUNT}`]);
    expect(settled.filter(({ status }) => status === "rejected")).toHaveLength(COUNT);
  });

  test.each(["22P05", "23503", "42501", "P0001", "XX000"])(
    "with %s is halved until one is alone",
    async (code) => {
      const { store } = await storeThatFails(Object.assign(new Error("no"), { code }));
      const settled = await saveAll(store);
      expect(settled.filter(({ status }) => status === "rejected")).toHaveLength(1);
      const error = await rejection(store.save(REFUSED, record()));
      expect(error).toMatchObject({ code: "STORE_UNAVAILABLE", cause: { code } });
    },
  );

  test("because it met another transaction is tried again as it is", async () => {
    let isFirst = true;
    const client = new WatchedClient({
      query: async (text, values) => {
        if (text.includes("INSERT") && isFirst) {
          isFirst = false;
          throw Object.assign(new Error("could not serialize access"), { code: "40001" });
        }
        return schema.db.query(text, values);
      },
    });
    const store = new PostgresStore(client, schema.nextTable());
    await store.createTable();
    const sent = await client.during(async () => {
      for (const outcome of await saveAll(store)) expect(outcome).toMatchObject({ value: true });
    });
    expect(sent).toEqual([`insert ${COUNT}`, `insert ${COUNT}`]);
  });

  test("leaves in doubt only what went out with a connection that was lost", async () => {
    const lost = Object.assign(new Error("Connection terminated"), { code: "ECONNRESET" });
    let refusals = 0;
    const client: PostgresClient = {
      query: async (text, values) => {
        const asked = String(values[0]);
        // The first half is written. The connection is lost with the second one.
        if (asked.includes(handle(0)) && asked.includes(REFUSED) && refusals === 0) {
          refusals += 1;
          throw Object.assign(new Error("refused"), { code: "P0001" });
        }
        if (asked.includes(REFUSED)) throw lost;
        return schema.db.query(text, values);
      },
    };
    const store = new PostgresStore(client, schema.nextTable());
    await store.createTable();
    const settled = await saveAll(store);
    const half = Math.ceil(COUNT / 2);
    expect(settled.slice(0, half)).toEqual(
      Array.from({ length: half }, () => ({ status: "fulfilled", value: true })),
    );
    for (const outcome of settled.slice(half)) {
      expect(outcome).toMatchObject({
        status: "rejected",
        reason: { message: expect.stringContaining("unknown outcome") },
      });
    }
  });
});
