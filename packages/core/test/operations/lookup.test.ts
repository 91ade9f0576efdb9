import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { expectCode } from "@sess/test-support";
import { watchChannels } from "../support/channels.ts";
import { loaded, saved, type World, world } from "../support/sessions.ts";
import { HOUR, MINUTE, pass, startTime, stopTime } from "../support/time.ts";

let { store, faults, sessions, elsewhere }: World = world();
beforeEach(() => {
  stopTime();
  ({ store, faults, sessions, elsewhere } = world());
});
afterEach(() => startTime());

const absent = "a".repeat(43);

describe("lookup() finds", () => {
  test("a live session, as load() does", async () => {
    const { id } = await saved(sessions, { views: 1 });
    const found = await elsewhere.lookup(id);
    if (found.status !== "live") throw new Error(found.status);
    expect(found.session.id).toBe(id);
    expect(found.session.get("views")).toBe(1);
    found.session.set("views", 2);
    await found.session.save();
    expect((await loaded(sessions, id)).get("views")).toBe(2);
  });

  test.each([absent, "no id", "", null, undefined])("nothing under %p", async (id) => {
    expect(await sessions.lookup(id)).toEqual({ status: "unknown" });
  });

  test("that an id has moved, and when, but not where to", async () => {
    const session = await saved(sessions);
    const { id } = session;
    await pass(5_000);
    await session.regenerate();
    const movedAt = new Date();
    await pass(MINUTE - 1);
    const found = await elsewhere.lookup(id);
    expect(found).toEqual({ status: "moved", movedAt });
    expect(JSON.stringify(found)).not.toContain(session.handle);
  });

  test("nothing a minute after an id has moved", async () => {
    const session = await saved(sessions);
    const { id } = session;
    await session.regenerate();
    await pass(MINUTE);
    expect(await elsewhere.lookup(id)).toEqual({ status: "unknown" });
  });

  test("that an id has moved although it has moved on", async () => {
    const session = await saved(sessions);
    const { id } = session;
    await session.regenerate();
    await session.regenerate();
    expect(await elsewhere.lookup(id)).toMatchObject({ status: "moved" });
  });

  test("nothing under an id whose session has moved and ended", async () => {
    const session = await saved(sessions);
    const { id } = session;
    await session.regenerate();
    await session.regenerate();
    await session.destroy();
    expect(await elsewhere.lookup(id)).toEqual({ status: "unknown" });
  });

  test("nothing where forwarding records lead in a circle, which only damage can make", async () => {
    const session = await saved(sessions);
    const { id, handle: first } = session;
    await session.regenerate();
    const forwarding = store.records.get(first);
    if (forwarding === undefined) throw new Error("No forwarding record was left.");
    const back = forwarding.data.replace(session.handle, first);
    store.records.set(session.handle, { ...forwarding, data: back });
    expect(await elsewhere.lookup(id)).toEqual({ status: "unknown" });
  });

  test.each(["destroy", "expire", "first save in doubt"])(
    "nothing under an ended id: %s",
    async (how) => {
      const session = await saved(sessions);
      if (how === "destroy") await session.destroy();
      if (how === "expire") await pass(48 * HOUR);
      if (how === "first save in doubt") {
        await session.destroy();
        const doubtful = sessions.create();
        doubtful.set("a", 1);
        faults.inject({ effect: "reject-before", method: "save" });
        await expectCode(doubtful.save(), "STORE_UNAVAILABLE");
        await doubtful.destroy();
        expect(store.records.has(doubtful.handle)).toBe(true);
        expect(await sessions.lookup(doubtful.id)).toEqual({ status: "unknown" });
      }
      expect(await sessions.lookup(session.id)).toEqual({ status: "unknown" });
    },
  );
});

describe("lookup()", () => {
  test("fails as load() does, and never passes a failure for an unknown id", async () => {
    const { id, handle } = await saved(sessions);
    faults.inject({ effect: "reject-before", method: "load" });
    await expectCode(sessions.lookup(id), "STORE_UNAVAILABLE");
    const record = store.records.get(handle);
    if (record === undefined) throw new Error("It is not stored.");
    store.records.set(handle, { ...record, data: "nonsense" });
    await expectCode(sessions.lookup(id), "RECORD_CORRUPT");
    await sessions.close();
    await expectCode(sessions.lookup(id), "STORE_CLOSED");
  });

  test("is traced as a load", async () => {
    const session = await saved(sessions);
    const { id, handle } = session;
    const watched = watchChannels();
    await sessions.lookup(id);
    await session.regenerate();
    await sessions.lookup(id);
    watched.stop();
    const ended = watched.seen.filter(({ name, phase }) => name === "load" && phase === "asyncEnd");
    expect(ended.map(({ event }) => event)).toEqual([
      { handle, outcome: "hit" },
      { handle, outcome: "miss" },
    ]);
  });

  test("asks the store once for a live session", async () => {
    const { id } = await saved(sessions);
    store.counts();
    await sessions.lookup(id);
    expect(store.counts()).toEqual({ load: 1 });
  });
});
