import { beforeEach, describe, expect, test } from "@jest/globals";
import { type Session, SessionError } from "@sess/core";
import { expectCode } from "../support/expect-code.ts";
import { shuffled } from "../support/faults.ts";
import { all, saved, type World, world } from "../support/sessions.ts";

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

describe("what cannot be ended does not shield the others:", () => {
  const corrupt = new SessionError("RECORD_CORRUPT", "The record is damaged.");

  /** Loading what is under `handle` rejects, as a store does that found the record damaged. */
  function damage(handle: string): void {
    store.around = (call, apply) => {
      if (call.verb === "load" && call.key === handle) return Promise.reject(corrupt);
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

  test("a damaged record whose text alone is spoilt is ended like the others", async () => {
    const first = await adas();
    const rest = await many(4);
    const record = store.records.get(first.handle);
    if (record === undefined) throw new Error("nothing was saved");
    store.records.set(first.handle, { ...record, data: "?" });
    expect(await elsewhere.revokeAll("ada")).toBe(5);
    expect(await survivors(rest)).toEqual([]);
  });

  test("a listing that ends with an error", async () => {
    await many(100);
    store.around = shuffled(1);
    store.list = async function* (owner) {
      for (const [key, record] of this.records) if (record.owner === owner) yield [key, record];
      throw corrupt;
    };
    await expectCode(elsewhere.revokeAll("ada"), "RECORD_CORRUPT");
    expect(store.records.size).toBe(0);
  });

  test("a failure of the engine", async () => {
    const first = await adas();
    await many(200);
    const slow = shuffled(1);
    store.around = async (call, apply) => {
      if (call.verb === "delete" && call.key === first.handle) throw new Error("disk full");
      return slow(call, apply);
    };
    await expectCode(elsewhere.revokeAll("ada"), "STORE_UNAVAILABLE");
    expect([...store.records.keys()]).toEqual([first.handle]);
    store.forget();
    expect(await elsewhere.revokeAll("ada")).toBe(1);
  });

  test("a damaged record of the excepted session", async () => {
    const kept = await adas();
    const rest = await many(4);
    damage(kept.handle);
    await expectCode(elsewhere.revokeAll("ada", { except: kept }), "RECORD_CORRUPT");
    expect(await survivors(rest)).toEqual([]);
    expect(store.records.has(kept.handle)).toBe(true);
    expect(await all(sessions.list("ada"))).toHaveLength(1);
  });

  test("a damaged record, where another session moved on without a marker", async () => {
    const [damaged, moving] = [await adas(), await adas()];
    const { handle } = moving;
    store.around = async ({ verb, key }, apply) => {
      if (verb === "load" && key === damaged.handle) throw corrupt;
      if (verb !== "load" || key !== handle) return apply();
      damage(damaged.handle);
      await moving.regenerate();
      store.records.delete(handle);
      return apply();
    };
    await expectCode(elsewhere.revokeAll("ada"), "RECORD_CORRUPT");
    expect(await elsewhere.load(moving.id)).toBeUndefined();
  });
});
