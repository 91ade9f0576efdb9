import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { expectCode } from "@sess/test-support";
import { saved, stored, type World, world } from "../support/sessions.ts";
import { pass, startTime, stopTime } from "../support/time.ts";

let { store, sessions }: World = world();
beforeEach(() => {
  stopTime();
  ({ store, sessions } = world());
});
afterEach(() => {
  jest.restoreAllMocks();
  startTime();
});

/** From now on another saves just before each of our saves. Returns when ours come, in ms from now. */
function contend(handle: string): number[] {
  const started = performance.now();
  const times: number[] = [];
  store.around = async (call, apply) => {
    const record = store.records.get(handle);
    if (call.method === "save" && record) {
      times.push(performance.now() - started);
      store.records.set(handle, { ...record, revision: record.revision + 1 });
    }
    return apply();
  };
  return times;
}

type Write = (session: Session) => Promise<unknown>;
const writes: [string, Write][] = [
  ["save()", (session) => session.save()],
  ["takeFlash()", (session) => session.takeFlash("notice")],
  ["update()", (session) => sessions.update(session.id, (fresh) => fresh.set("a", 1))],
  ["regenerate()", (session) => session.regenerate()],
];

async function busy(): Promise<{ session: Session; times: number[] }> {
  const session = await saved(sessions);
  session.flash("notice", "hello");
  await session.save();
  session.set("a", 1);
  return { session, times: contend(session.handle) };
}

describe("while others keep saving the session,", () => {
  test.each(writes)("%s rejects after ten seconds", async (_, write) => {
    const { session, times } = await busy();
    const { id } = session;
    const ended = expectCode(write(session), "SESSION_CONFLICT");
    await pass(11_000);
    await ended;
    expect(times.at(-1)).toBeGreaterThan(9_900);
    expect(times.at(-1)).toBeLessThan(10_100);
    store.forget();
    expect(await stored(sessions, id)).toEqual({ alias: "GoTamer" });
  });

  test.each(writes)(
    "%s rejects, and succeeds when it is tried again afterwards",
    async (_, write) => {
      const { session } = await busy();
      const ended = expectCode(write(session), "SESSION_CONFLICT");
      await pass(11_000);
      await ended;
      store.forget();
      await write(session);
      await session.save();
      expect(await stored(sessions, session.id)).toEqual({ alias: "GoTamer", a: 1 });
    },
  );

  test("the pauses grow up to 50 ms", async () => {
    jest.spyOn(Math, "random").mockReturnValue(1);
    const { session, times } = await busy();
    const ended = expectCode(session.save(), "SESSION_CONFLICT");
    await pass(11_000);
    await ended;
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(pauses.slice(0, 6)).toEqual([0, 8, 16, 32, 50, 50]);
    expect(Math.max(...pauses)).toBe(50);
  });

  test("the pauses are random, so that rivals do not keep meeting", async () => {
    const random = jest.spyOn(Math, "random").mockReturnValue(0.5);
    const { session, times } = await busy();
    const ended = expectCode(session.save(), "SESSION_CONFLICT");
    await pass(0);
    expect(times).toHaveLength(2);
    random.mockReturnValue(0.25);
    await pass(4);
    expect(times).toHaveLength(3);
    await pass(4);
    expect(times).toHaveLength(4);
    await pass(11_000);
    await ended;
  });

  test("a clock that is set back does not lengthen the wait", async () => {
    const { session } = await busy();
    const ended = expectCode(session.save(), "SESSION_CONFLICT");
    await pass(5_000);
    jest.setSystemTime(Date.now() - 3_600_000);
    await pass(6_000);
    await ended;
  });
});

describe("with a store that never lets a session be ended,", () => {
  test.each<[string, Write]>([
    ["destroy()", (session) => session.destroy()],
    ["revoke()", (session) => sessions.revoke(session.handle)],
  ])("%s rejects", async (_, write) => {
    const session = await saved(sessions);
    store.around = async (call, apply) => {
      const record = store.records.get(session.handle);
      if (call.method === "delete" && record) {
        store.records.set(session.handle, { ...record, revision: record.revision + 1 });
      }
      return apply();
    };
    const ended = expectCode(write(session), "SESSION_CONFLICT");
    await pass(11_000);
    await ended;
  });
});
