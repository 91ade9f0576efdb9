import { beforeEach, describe, expect, test } from "@jest/globals";
import { type Session, SessionError } from "@sess/core";
import { collect, expectCode } from "@sess/test-support";
import { shuffled } from "../support/interference.ts";
import { saved, type World, world } from "../support/sessions.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ store, sessions, elsewhere } = world());
});

const adas = () => saved(sessions, { a: 1 }, "ada");

async function many(count: number): Promise<Session[]> {
  return Promise.all(Array.from({ length: count }, adas));
}

async function survivors(among: readonly Session[]): Promise<Session[]> {
  const found = await Promise.all(among.map(({ id }) => elsewhere.load(id)));
  return among.filter((_, index) => found[index] !== undefined);
}

describe("revokeAll() ends all others and then rejects when it meets", () => {
  const corrupt = new SessionError("RECORD_CORRUPT", "The record is damaged.");

  /** From now on the store finds the record under `handle` damaged. */
  function damage(handle: string): void {
    store.around = (call, apply) => {
      if (call.method === "load" && call.handle === handle) return Promise.reject(corrupt);
      return apply();
    };
  }

  test("a damaged record", async () => {
    const first = await adas();
    const rest = await many(4);
    damage(first.handle);
    await expectCode(elsewhere.revokeAll("ada"), "RECORD_CORRUPT");
    expect([...store.records.keys()]).toEqual([first.handle]);
    expect(await survivors(rest)).toEqual([]);
  });

  test("a record whose data alone is damaged, which it ends too", async () => {
    const first = await adas();
    const rest = await many(4);
    const record = store.records.get(first.handle);
    if (record === undefined) throw new Error("nothing was saved");
    store.records.set(first.handle, { ...record, data: "?" });
    expect(await elsewhere.revokeAll("ada")).toBe(5);
    expect(await survivors(rest)).toEqual([]);
  });

  test("an error at the end of the list", async () => {
    await many(100);
    store.around = shuffled(1);
    store.list = async function* (owner) {
      for (const [handle, record] of this.records)
        if (record.owner === owner) yield [handle, record];
      throw corrupt;
    };
    await expectCode(elsewhere.revokeAll("ada"), "RECORD_CORRUPT");
    expect(store.records.size).toBe(0);
  });

  test("a store that fails", async () => {
    const first = await adas();
    await many(200);
    const slow = shuffled(1);
    store.around = async (call, apply) => {
      if (call.method === "delete" && call.handle === first.handle) throw new Error("disk full");
      return slow(call, apply);
    };
    await expectCode(elsewhere.revokeAll("ada"), "STORE_UNAVAILABLE");
    expect([...store.records.keys()]).toEqual([first.handle]);
    store.forget();
    expect(await elsewhere.revokeAll("ada")).toBe(1);
  });

  test("a damaged record of the session to except", async () => {
    const kept = await adas();
    const rest = await many(4);
    damage(kept.handle);
    await expectCode(elsewhere.revokeAll("ada", { except: kept }), "RECORD_CORRUPT");
    expect(await survivors(rest)).toEqual([]);
    expect(store.records.has(kept.handle)).toBe(true);
    expect(await collect(sessions.list("ada"))).toHaveLength(1);
  });

  test("a damaged record while another session gets a new id and leaves no forwarding record", async () => {
    const [damaged, moving] = [await adas(), await adas()];
    const { handle } = moving;
    store.around = async ({ method, handle: called }, apply) => {
      if (method === "load" && called === damaged.handle) throw corrupt;
      if (method !== "load" || called !== handle) return apply();
      damage(damaged.handle);
      await moving.regenerate();
      store.records.delete(handle);
      return apply();
    };
    await expectCode(elsewhere.revokeAll("ada"), "RECORD_CORRUPT");
    expect(await elsewhere.load(moving.id)).toBeUndefined();
  });
});
