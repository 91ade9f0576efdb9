import assert from "node:assert/strict";
import type { Store } from "../contract/store.ts";
import { assertHolds, assertHoldsNothing, assertSame } from "./assertions.ts";
import type { Capability, StoreWith } from "./clause.ts";
import type { Lab } from "./lab.ts";

/** Calls that meet, through `one` and `other`: the same store twice, or two connections. */
type Race<C extends Capability> = (
  one: StoreWith<C>,
  other: StoreWith<C>,
  lab: Lab,
) => Promise<void>;

export type Races<C extends Capability> = Readonly<Record<string, Race<C>>>;

export const ROUNDS = 10;

/** Makes `count` calls at once, in turn through the two, and gives back the indexes of those that won. */
export async function winners<S extends Store>(
  [one, other]: readonly [S, S],
  count: number,
  call: (store: S, index: number) => Promise<boolean>,
): Promise<number[]> {
  const calls = Array.from({ length: count }, (_, index) => call(index % 2 ? other : one, index));
  const outcomes = await Promise.all(calls);
  return outcomes.flatMap((won, index) => (won ? [index] : []));
}

/** Exactly one call wins, and the record under `key` is the winner's. */
async function oneSaveWins(one: Store, other: Store, lab: Lab, count: number, revision: number) {
  const key = lab.key();
  for (let before = 1; before < revision; before += 1) {
    await one.save(key, lab.record({ revision: before }));
  }
  const records = Array.from({ length: count }, () => lab.record({ revision }));
  const won = await winners([one, other], count, (store, index) =>
    store.save(key, records[index] ?? lab.record()),
  );
  const call = `of ${count} saves of revision ${revision} at once`;
  assert.equal(won.length, 1, `${call} exactly one must be written, but ${won.length} were`);
  const winner = records[won[0] ?? 0] ?? lab.record();
  await assertHolds(one, key, winner, "the record is that of the save that resolved to true");
  await assertHolds(other, key, winner, "the record is that of the save that resolved to true");
}

export const saveRaces: Races<never> = {
  "of two creates of one key exactly one wins": async (one, other, lab) => {
    for (let round = 0; round < ROUNDS; round += 1) await oneSaveWins(one, other, lab, 2, 1);
  },
  "of 50 creates of one key exactly one wins": (one, other, lab) =>
    oneSaveWins(one, other, lab, 50, 1),
  "of two saves of one revision exactly one wins": async (one, other, lab) => {
    for (let round = 0; round < ROUNDS; round += 1) await oneSaveWins(one, other, lab, 2, 3);
  },
  "of 50 saves of one revision exactly one wins": (one, other, lab) =>
    oneSaveWins(one, other, lab, 50, 2),
  "of 50 creates over an expired record exactly one wins": async (one, other, lab) => {
    const key = lab.key();
    const old = lab.brief();
    await one.save(key, old);
    await lab.time.reach(old.expiresAt);
    const won = await winners([one, other], 50, (store) => store.save(key, lab.record()));
    assert.equal(won.length, 1, `exactly one of 50 creates must be written, ${won.length} were`);
  },
  "counters that save until they win count every time": async (one, other, lab) => {
    const key = lab.key();
    await one.save(key, lab.record({ data: "0" }));
    await Promise.all(
      Array.from({ length: 16 }, async (_, index) => {
        const store = index % 2 ? other : one;
        // Each refusal means that another has counted, so 16 attempts suffice for all.
        for (let attempt = 0; attempt < 16; attempt += 1) {
          const record = await store.load(key);
          assert.ok(record, "the record must be there throughout");
          const next = lab.next(record, { data: String(Number(record.data) + 1) });
          if (await store.save(key, next)) return;
        }
        assert.fail("a save was refused although no other had been written since the load");
      }),
    );
    const counted = (await one.load(key))?.data;
    assert.equal(counted, "16", `16 counters must count to 16, but they counted to ${counted}`);
  },
  "saves of different sessions at once are all written": async (one, other, lab) => {
    const keys = lab.keys(100);
    const records = keys.map(() => lab.record({ owner: "ada" }));
    const won = await winners([one, other], 100, (store, index) =>
      store.save(keys[index] ?? "", records[index] ?? lab.record()),
    );
    assert.equal(won.length, 100, `none is in another's way, but only ${won.length} were written`);
    const loaded = await Promise.all(keys.map((key) => one.load(key)));
    for (const [index, record] of records.entries()) {
      assertSame(loaded[index], record, "each session has its own record");
    }
  },
};

export const deleteRaces: Races<never> = {
  "after a save against a delete the session is gone": async (one, other, lab) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const key = lab.key();
      const record = lab.record();
      await one.save(key, record);
      // In either order: the delete removes the saved one, or the save finds nothing to follow.
      const calls = [
        () => one.save(key, lab.next(record)),
        () => other.delete(key),
        () => one.save(key, lab.next(record)),
      ];
      await Promise.all((round % 2 ? calls : calls.slice(0, 2).reverse()).map((call) => call()));
      await assertHoldsNothing(one, key, "a session that was ended came back");
      await assertHoldsNothing(other, key, "a session that was ended came back");
    }
  },
  "of a save against a delete with the revision exactly one wins": async (one, other, lab) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const key = lab.key();
      const record = lab.record();
      const next = lab.next(record);
      await one.save(key, record);
      const save = () => one.save(key, next);
      const remove = () => other.delete(key, 1);
      const [saved, deleted] =
        round % 2
          ? await Promise.all([save(), remove()])
          : (await Promise.all([remove(), save()])).reverse();
      assert.ok(saved !== deleted, `exactly one must win: saved ${saved}, deleted ${deleted}`);
      if (saved) await assertHolds(other, key, next, "the save won");
      else await assertHoldsNothing(one, key, "the delete won");
    }
  },
  "of 50 deletes exactly one removes": async (one, other, lab) => {
    for (const revision of [[], [1]]) {
      const key = lab.key();
      await one.save(key, lab.record());
      const won = await winners([one, other], 50, (store) => store.delete(key, ...revision));
      const call = revision.length ? "delete(key, 1)" : "delete(key)";
      assert.equal(won.length, 1, `one ${call} of 50 must resolve to true, ${won.length} did`);
    }
  },
};
