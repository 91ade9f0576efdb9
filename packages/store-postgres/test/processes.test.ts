import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { PostgresStore } from "@sess/store-postgres";
import { missingPostgres, orSkip } from "@sess/test-servers";
import { bundle, Program } from "@sess/test-support";
import { schemaOnServer } from "./support/test-schema.ts";

orSkip(describe, missingPostgres())("of four processes on one server", () => {
  let sessions: SessionManager;
  let visitors: Program[] = [];

  beforeAll(async () => {
    const { db, url, nextTable } = await schemaOnServer();
    const { schema, table } = nextTable();
    const store = new PostgresStore(db, { schema, table });
    await store.createTable();
    sessions = new SessionManager({ store, sweepInterval: 0 });
    const visitor = bundle(join(__dirname, "programs/visitor.ts"), { external: ["pg"] });
    visitors = Array.from({ length: 4 }, () => Program.node(visitor, [url, schema, table]));
  });

  /** Gives all the same task, and resolves to what came of it in each. */
  function inAll(task: "count" | "read" | "load" | "save", id = ""): Promise<unknown[]> {
    return Promise.all(
      visitors.map(async (visitor) => {
        visitor.tell(`${task} ${id}`);
        return JSON.parse(await visitor.line());
      }),
    );
  }

  test("each adds 64 to one counter at the same time, and nothing is lost", async () => {
    const session = sessions.create();
    session.set("count", 0);
    await session.save();
    expect(await inAll("count", session.id)).toEqual(visitors.map(() => "counted"));
    expect((await sessions.load(session.id))?.get("count")).toBe(256);
  }, 60_000);

  test("one reads each flash message, and the others do not", async () => {
    const session = sessions.create();
    session.flash("info", "once");
    session.flash("info", "and for all");
    await session.save();
    expect((await inAll("read", session.id)).flat()).toEqual(["once", "and for all"]);
  });

  test("none saves a session that was destroyed in another", async () => {
    const session = sessions.create();
    session.set("alias", "ada");
    await session.save();
    expect(await inAll("load", session.id)).toEqual(visitors.map(() => "ada"));
    await session.destroy();
    expect(await inAll("save")).toEqual(visitors.map(() => "SESSION_DESTROYED"));
    expect(await sessions.load(session.id)).toBeUndefined();
  });
});
