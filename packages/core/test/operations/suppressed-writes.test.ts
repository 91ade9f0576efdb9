import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Session, SessionManager } from "@sess/core";
import { bare, expectCode, ReferenceStore, type SpyStore } from "@sess/test-support";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";
import { HOUR, pass, startTime, stopTime } from "../support/time.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  stopTime();
  ({ store, sessions, elsewhere } = world());
});
afterEach(startTime);

/** A rule of the server, such as row level security, suppresses what these methods write. */
function suppress(target: SpyStore, ...methods: readonly string[]): void {
  target.forget();
  target.around = async <T>({ method }: { readonly method: string }, apply: () => Promise<T>) => {
    return methods.includes(method) ? (false as T) : apply();
  };
}

/** Rejects at once: no timer runs, and the store is asked a few times. */
async function expectSuppressed(call: () => Promise<unknown>): Promise<void> {
  const error = await expectCode(call, "STORE_UNAVAILABLE");
  expect(error.message).toMatch(/clocks.*suppress writes/);
  expect(store.calls.length).toBeLessThanOrEqual(8);
}

describe("where a store refuses to write although nobody else saves,", () => {
  const calls: [string, (session: Session) => Promise<unknown>][] = [
    ["save()", (session) => session.save()],
    ["update()", (session) => session.update((inner) => inner.set("b", 1))],
    ["sessions.update()", ({ id }) => sessions.update(id, (inner) => inner.set("b", 1))],
    ["takeFlash()", (session) => session.takeFlash("notice")],
    ["regenerate()", (session) => session.regenerate()],
    ["destroy()", (session) => session.destroy()],
    ["destroy() by id", ({ id }) => sessions.destroy(id)],
    ["revoke()", ({ handle }) => sessions.revoke(handle)],
    ["revokeAll()", () => sessions.revokeAll("ada")],
  ];

  test.each(calls)("%s says so at the second refusal", async (_, call) => {
    const session = await saved(sessions, { a: 1 }, "ada");
    session.flash("notice", "hello");
    await session.save();
    session.set("a", 2);
    const before = new Map(store.records);
    suppress(store, "save", "touch", "delete");
    await expectSuppressed(() => call(session));
    expect(store.records).toEqual(before);
  });

  test("the first save of a session says so, and can be made once the cause is gone", async () => {
    const session = sessions.create();
    session.set("a", 1);
    suppress(store, "save");
    await expectSuppressed(() => session.save());
    expect(store.calls.filter((method) => method === "save").length).toBeLessThanOrEqual(2);
    store.forget();
    await session.save();
    expect(await stored(elsewhere, session.id)).toEqual({ a: 1 });
  });

  test("an extension says so", async () => {
    const session = await saved(sessions);
    await pass(3 * HOUR);
    suppress(store, "touch");
    await expectSuppressed(() => session.save());
  });

  test("a regenerate() whose forwarding record alone is suppressed leaves the old session", async () => {
    const session = await saved(sessions, { a: 1 });
    const { id } = session;
    let saves = 0;
    store.around = async <T>(
      { method, handle }: { method: string; handle: string | undefined },
      apply: () => Promise<T>,
    ) => {
      if (method !== "save" || handle !== session.handle) return apply();
      saves += 1;
      return false as T;
    };
    await expectSuppressed(() => session.regenerate());
    expect(saves).toBe(2);
    store.forget();
    await session.save();
    expect(await stored(elsewhere, id)).toEqual({ a: 1 });
    expect(session.id).toBe(id);
  });
});

describe("where the store's clock is ahead of this process by more than the idle timeout,", () => {
  /** Refuses what its clock has passed, as the contract asks. */
  class AheadStore extends ReferenceStore {
    override async save(...call: Parameters<ReferenceStore["save"]>): Promise<boolean> {
      return call[1].expiresAt > this.now() && super.save(...call);
    }
  }
  const ahead = () => new AheadStore({ now: () => Date.now() + 6 * 60_000 });

  test.each([
    ["", ahead],
    [" and has no touch", () => bare(ahead())],
  ])("a save that would be gone at once rejects%s", async (_, open) => {
    const skewed = new SessionManager({ store: open(), idleTimeout: 5 * 60_000, sweepInterval: 0 });
    const session = skewed.create();
    session.set("a", 1);
    const error = await expectCode(session.save(), "STORE_UNAVAILABLE");
    expect(error.message).toContain("clocks");
    expect(session.isNew).toBe(true);
  });
});

test("what is too large for the store is not in doubt: a smaller one is saved", async () => {
  const small = Object.assign(world().store, { maxBytes: 300 });
  const manager = new SessionManager({ store: small, sweepInterval: 0 });
  const session = await saved(manager, { a: 1 });
  session.set("a", "x".repeat(400));
  await expectCode(session.save(), "DATA_TOO_LARGE");
  await expectCode(session.regenerate(), "DATA_TOO_LARGE");
  session.set("a", 2);
  await session.save();
  expect((await loaded(manager, session.id)).get("a")).toBe(2);
  expect(small.records.size).toBe(1);
});
