import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { collect } from "@sess/test-support";
import { saved, type World, world } from "../support/sessions.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ store, sessions, elsewhere } = world());
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** From now on a pause fails the test: following a forwarding record is no reason to wait. */
function forbidPauses(): void {
  jest.spyOn(globalThis, "setTimeout").mockImplementation(() => {
    throw new Error("It paused.");
  });
}

/** A session that has got `count` new ids, and its first id and handle. */
async function moved(count: number): Promise<{ session: Session; first: string; handle: string }> {
  const session = await saved(sessions, { alias: "GoTamer" }, "ada");
  const { id: first, handle } = session;
  for (let left = count; left > 0; left -= 1) await session.regenerate();
  store.forget();
  forbidPauses();
  return { session, first, handle };
}

describe("a session that has got a thousand new ids is ended without a pause", () => {
  test("by its first id", async () => {
    const { session, first } = await moved(1_000);
    await elsewhere.destroy(first);
    expect(await elsewhere.load(session.id)).toBeUndefined();
  });

  test("by its first handle", async () => {
    const { session, handle } = await moved(1_000);
    expect(await elsewhere.revoke(handle, { owner: "ada" })).toBe(true);
    expect(await elsewhere.load(session.id)).toBeUndefined();
  });

  test("with all others of its owner, in a few calls for each", async () => {
    const { session } = await moved(1_000);
    expect(await elsewhere.revokeAll("ada")).toBe(1);
    expect(await elsewhere.load(session.id)).toBeUndefined();
    expect(store.calls.length).toBeLessThan(5_000);
  });

  test("or spared when it is the one to except", async () => {
    const { session } = await moved(1_000);
    expect(await elsewhere.revokeAll("ada", { except: session })).toBe(0);
    expect(await collect(elsewhere.list("ada"))).toHaveLength(1);
    expect(store.calls.length).toBeLessThan(5_000);
  });
});

describe.each([1, 2, 3])("%i forwarding records in a circle", (length) => {
  const handles = ["a", "b", "c"].map((letter) => `~${letter.repeat(43)}`);

  beforeEach(() => {
    const now = Date.now();
    for (let at = 0; at < length; at += 1) {
      store.records.set(handles[at] ?? "", {
        revision: 2,
        createdAt: now,
        expiresAt: now + 60_000,
        owner: "ada",
        data: `sess1m ${handles[(at + 1) % length]} ${now} ${handles[0]}\n`,
      });
    }
    forbidPauses();
  });

  test("lead to no session", async () => {
    const [first = ""] = handles;
    expect(await sessions.revoke(first, { owner: "ada" })).toBe(false);
    expect(await sessions.revoke(first)).toBe(false);
    expect(await sessions.revokeAll("ada")).toBe(0);
    expect(await collect(sessions.list("ada"))).toEqual([]);
  });
});
