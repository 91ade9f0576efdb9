import { beforeAll, describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { PostgresStore } from "@sess/store-postgres";
import { missingPostgres, openPostgres, orSkip } from "@sess/test-servers";
import { placeOn } from "./place.ts";
import { Visitor } from "./visitor.ts";

orSkip(describe, missingPostgres())("of four processes on one server", () => {
  let sessions: SessionManager;
  let visitors: Visitor[] = [];

  beforeAll(async () => {
    const { url } = await openPostgres();
    const { db, schema } = await placeOn(url);
    const store = new PostgresStore(db, { schema });
    await store.createTable();
    sessions = new SessionManager({ store, sweepInterval: 0 });
    visitors = Array.from({ length: 4 }, () => new Visitor(url, schema));
  });

  function all(task: "count" | "read" | "load" | "save", id?: string): Promise<unknown[]> {
    return Promise.all(visitors.map((visitor) => visitor.does(task, id)));
  }

  test("each adds 64 to one counter at the same time, and nothing is lost", async () => {
    const session = sessions.create();
    session.set("count", 0);
    await session.save();
    expect(await all("count", session.id)).toEqual(visitors.map(() => "counted"));
    expect((await sessions.load(session.id))?.get("count")).toBe(256);
  }, 60_000);

  test("one reads each flash message, the others none", async () => {
    const session = sessions.create();
    session.flash("info", "once");
    session.flash("info", "and for all");
    await session.save();
    expect((await all("read", session.id)).flat()).toEqual(["once", "and for all"]);
  });

  test("none saves a session that was destroyed in another", async () => {
    const session = sessions.create();
    session.set("alias", "ada");
    await session.save();
    expect(await all("load", session.id)).toEqual(visitors.map(() => "ada"));
    await session.destroy();
    expect(await all("save")).toEqual(visitors.map(() => "SESSION_DESTROYED"));
    expect(await sessions.load(session.id)).toBeUndefined();
  });
});
