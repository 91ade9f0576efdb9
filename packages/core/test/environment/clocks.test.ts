import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { collect, ReferenceStore, StoppedClock } from "@sess/test-support";
import { loaded, saved } from "../support/sessions.ts";

const MINUTE = 60_000;

// The store has a clock of its own, as a server does; this process' clock is the stopped one.
let clock: StoppedClock;
let serverTime: number;
let store: ReferenceStore;
let sessions: SessionManager;

beforeEach(() => {
  clock = new StoppedClock();
  serverTime = clock.now;
  store = new ReferenceStore({ now: () => serverTime });
  sessions = new SessionManager({ store, idleTimeout: 5 * MINUTE, sweepInterval: 0 });
});
afterEach(() => clock[Symbol.dispose]());

describe("a process whose clock is ahead of the store's by more than the idle timeout", () => {
  test("finds the sessions that live", async () => {
    const { id, handle } = await saved(sessions, { a: 1 }, "ada");
    clock.advance(6 * MINUTE);
    expect((await sessions.load(id))?.get("a")).toBe(1);
    expect((await sessions.lookup(id)).status).toBe("live");
    const listed = [...(await collect(sessions.list())), ...(await collect(sessions.list("ada")))];
    expect(listed.map((each) => each.handle)).toEqual([handle, handle]);
    expect((await sessions.update(id, (session) => session.set("a", 2)))?.get("a")).toBe(2);
  });

  test("ends them: revokeAll(), revoke(), destroy()", async () => {
    const all = [await saved(sessions, {}, "ada"), await saved(sessions, {}, "ada")];
    const [one, other] = [await saved(sessions), await saved(sessions)];
    clock.advance(6 * MINUTE);
    expect(await sessions.revokeAll("ada")).toBe(all.length);
    expect(await sessions.revoke(one.handle)).toBe(true);
    await sessions.destroy(other.id);
    expect(store.records.size).toBe(0);
  });

  test("does not prolong them beyond the absolute timeout", async () => {
    const short = new SessionManager({
      store,
      idleTimeout: 5 * MINUTE,
      absoluteTimeout: 5 * MINUTE,
      sweepInterval: 0,
    });
    const { id } = await saved(short, { a: 1 });
    clock.advance(6 * MINUTE);
    expect(await short.load(id)).toBeUndefined();
  });
});

describe("a process whose clock is behind the store's", () => {
  test("does not find what has expired for the store", async () => {
    const { id } = await saved(sessions, { a: 1 }, "ada");
    serverTime += 5 * MINUTE;
    expect(await sessions.load(id)).toBeUndefined();
    expect(await collect(sessions.list("ada"))).toEqual([]);
    expect(await sessions.revokeAll("ada")).toBe(0);
  });

  test("keeps a first save in doubt out until it has expired for the store", async () => {
    const session = sessions.create();
    session.set("a", 1);
    store.around = async () => {
      throw new Error("no answer");
    };
    await session.save().catch(() => {});
    store.forget();
    clock.advance(6 * MINUTE);
    await sessions.destroy(session.id);
    expect([...store.records.values()]).toEqual([expect.objectContaining({ data: "sess1e\n" })]);
  });
});

test("a clock that is set while a session is held changes neither whose save wins nor what is found", async () => {
  const session = await saved(sessions, { a: 1 });
  clock.advance(-2 * MINUTE);
  const other = await loaded(sessions, session.id);
  other.set("b", 1);
  await other.save();
  session.set("c", 1);
  await session.save();
  const found = await loaded(sessions, session.id);
  expect(found.keys().sort()).toEqual(["a", "b", "c"]);
});
