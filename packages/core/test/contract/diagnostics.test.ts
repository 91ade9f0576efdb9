import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { bare, expectCode } from "@sess/test-support";
import { type Watch, watchChannels } from "../support/channels.ts";
import { INJECTED_ERROR } from "../support/faults.ts";
import { between } from "../support/interference.ts";
import { loaded, saved, type World, world } from "../support/sessions.ts";
import { HOUR } from "../support/time.ts";

let { store, faults, sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ store, faults, sessions, elsewhere } = world({ touchAfter: 0 }));
});
afterEach(() => {
  jest.restoreAllMocks();
});

async function watch(task: () => unknown): Promise<Watch> {
  const watched = watchChannels();
  await task();
  watched.stop();
  return watched;
}

/** The events that `task` publishes, as they are at their end. */
async function published(task: () => unknown) {
  return ended(await watch(task));
}

function ended({ seen }: Watch) {
  return seen.filter(({ phase }) => phase === "asyncEnd").map(({ name, event }) => [name, event]);
}

function later(ms: number): void {
  const now = Date.now() + ms;
  jest.spyOn(Date, "now").mockReturnValue(now);
}

const absent = "a".repeat(43);

describe("an event with handle and outcome is published for", () => {
  test("a load that finds a session, and one that finds none", async () => {
    const { id, handle } = await saved(sessions);
    expect(await published(() => sessions.load(id))).toEqual([
      ["load", { handle, outcome: "hit" }],
    ]);
    const missed = await published(() => sessions.open(absent));
    expect(missed).toEqual([["load", { handle: expect.stringMatching(/^~/), outcome: "miss" }]]);
  });

  test("a first save, a later one, one without a change and one that extends", async () => {
    const session = sessions.create();
    const { handle } = session;
    session.set("a", 1);
    const saving = () => published(() => session.save());
    expect(await saving()).toEqual([["save", { handle, outcome: "saved", attempts: 1 }]]);
    session.set("a", 2);
    expect(await saving()).toEqual([["save", { handle, outcome: "saved", attempts: 1 }]]);
    later(0);
    await session.save();
    expect(await saving()).toEqual([["save", { handle, outcome: "unchanged" }]]);
    later(HOUR);
    expect(await saving()).toEqual([["save", { handle, outcome: "touched" }]]);
  });

  test("a save of a new session that holds nothing", async () => {
    const session = sessions.create();
    const { handle } = session;
    const events = await published(() => session.save());
    expect(events).toEqual([["save", { handle, outcome: "unchanged" }]]);
  });

  test("a save that extends in a store without touch()", async () => {
    const { id, handle } = await saved(sessions);
    const session = await loaded(world({ store: bare(store) }).sessions, id);
    later(12 * HOUR);
    const events = await published(() => session.save());
    expect(events).toEqual([["save", { handle, outcome: "touched" }]]);
  });

  test.each([1, 3])("a save that is refused %i times", async (times) => {
    const { id, handle } = await saved(sessions);
    const session = await loaded(sessions, id);
    session.set("a", 1);
    let left = times;
    store.around = async ({ method }, apply) => {
      const record = store.records.get(handle);
      if (method === "save" && left-- > 0 && record) {
        store.records.set(handle, { ...record, revision: record.revision + 1 });
      }
      return apply();
    };
    const attempts = times + 1;
    const events = await published(() => session.save());
    expect(events).toEqual([["save", { handle, outcome: "rebased", attempts }]]);
  });

  test("a save that rejects because the session has ended", async () => {
    const session = await saved(sessions);
    const { handle } = session;
    await elsewhere.destroy(session.id);
    session.set("a", 1);
    const events = await published(() => expectCode(session.save(), "SESSION_DESTROYED"));
    const error = expect.objectContaining({ code: "SESSION_DESTROYED" });
    expect(events).toEqual([["save", { handle, outcome: "refused", attempts: 1, error }]]);
  });

  test("an update, one that runs twice and one without a change", async () => {
    const { id, handle } = await saved(sessions);
    const updating = () => published(() => sessions.update(id, (each) => each.set("a", 1)));
    expect(await updating()).toEqual([["save", { handle, outcome: "saved", attempts: 1 }]]);
    store.around = between("save", async () => {
      store.forget();
      const other = await loaded(elsewhere, id);
      other.set("b", 1);
      await other.save();
    });
    const rerun = (await updating()).filter(([name]) => name === "save");
    expect(rerun).toContainEqual(["save", { handle, outcome: "rebased", attempts: 2 }]);
    later(0);
    await sessions.update(id, () => {});
    const idle = await published(() => sessions.update(id, () => {}));
    expect(idle).toEqual([["save", { handle, outcome: "unchanged" }]]);
  });

  test("an update that finds no session", async () => {
    const events = await published(() => sessions.update(absent, () => {}));
    const handle = expect.stringMatching(/^~/);
    expect(events).toEqual([["save", { handle, outcome: "miss" }]]);
  });

  test("takeFlash(), as a save, and regenerate(), which tells the new handle", async () => {
    const session = await saved(sessions);
    session.flash("notice", "hello");
    await session.save();
    const { handle } = session;
    const event = { handle, outcome: "saved", attempts: 1 };
    expect(await published(() => session.takeFlash("notice"))).toEqual([["save", event]]);
    const regenerated = await published(() => session.regenerate());
    expect(regenerated).toEqual([["regenerate", { ...event, newHandle: session.handle }]]);
    expect(session.handle).not.toBe(handle);
  });

  test("takeFlash() and regenerate() of a new session, which change nothing in the store", async () => {
    const session = sessions.create();
    const { handle } = session;
    const event = { handle, outcome: "unchanged" };
    expect(await published(() => session.takeFlash("notice"))).toEqual([["save", event]]);
    const regenerated = await published(() => session.regenerate());
    expect(regenerated).toEqual([["regenerate", { ...event, newHandle: session.handle }]]);
  });

  test("a regenerate() that rejects, without a new handle", async () => {
    const session = await saved(sessions);
    const { handle } = session;
    faults.inject({ effect: "reject-before", method: "save" });
    const events = await published(() => expectCode(session.regenerate(), "STORE_UNAVAILABLE"));
    const error = expect.objectContaining({ code: "STORE_UNAVAILABLE" });
    expect(events).toEqual([["regenerate", { handle, outcome: "unchanged", attempts: 1, error }]]);
  });

  test("two regenerate() calls in a row, each with the handle that it replaces", async () => {
    const session = await saved(sessions);
    const { handle } = session;
    const events = await published(() => Promise.all([session.regenerate(), session.regenerate()]));
    const [first, second] = events.map(([, event]) => Object(event));
    expect(first.handle).toBe(handle);
    expect(second.handle).toBe(first.newHandle);
    expect(second.newHandle).toBe(session.handle);
  });

  test("destroy() and revoke(), of a session and of none", async () => {
    const session = await saved(sessions);
    const { id, handle } = session;
    const hit = [["delete", { handle, outcome: "hit" }]];
    const miss = [["delete", { handle, outcome: "miss" }]];
    expect(await published(() => session.destroy())).toEqual(hit);
    expect(await published(() => sessions.destroy(id))).toEqual(miss);
    expect(await published(() => sessions.revoke(handle))).toEqual(miss);
    const other = await saved(sessions);
    const revoked = await published(() => sessions.revoke(other.handle));
    expect(revoked).toEqual([["delete", { handle: other.handle, outcome: "hit" }]]);
  });

  test("each session that revokeAll() ends", async () => {
    const theirs = [await saved(sessions, {}, "ada"), await saved(sessions, {}, "ada")];
    const events = await published(() => sessions.revokeAll("ada"));
    const expected = theirs.map(({ handle }) => ["delete", { handle, outcome: "hit" }]);
    expect(events).toHaveLength(2);
    expect(events).toEqual(expect.arrayContaining(expected));
  });

  test("a sweep, with the number of removed records", async () => {
    await saved(sessions);
    later(24 * HOUR);
    expect(await published(() => sessions.sweep())).toEqual([["sweep", { removed: 1 }]]);
  });

  test("a failure, with the error that the caller gets", async () => {
    const { id, handle } = await saved(sessions);
    faults.inject({ effect: "reject-before", method: "load" });
    const watched = await watch(() => expectCode(sessions.load(id), "STORE_UNAVAILABLE"));
    const error = expect.objectContaining({ cause: INJECTED_ERROR });
    expect(ended(watched)).toEqual([["load", { handle, error }]]);
    expect(watched.seen.filter(({ phase }) => phase === "error")).toHaveLength(1);
  });
});
