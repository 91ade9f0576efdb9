import assert from "node:assert/strict";
import type { Store } from "../../src/contract/store.ts";
import { assertHolds, assertRecord } from "../harness/assertions.ts";
import type { Fixture } from "../harness/fixture.ts";
import { type Races, ROUNDS, winners } from "./race.ts";

const COUNTERS = 16;

export const saveRaces: Races<never> = {
  "of two first saves exactly one is written": async (one, other, fixture) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await raceSaves(one, other, fixture, { count: 2, revision: 1 });
    }
  },
  "of 50 first saves exactly one is written": (one, other, fixture) =>
    raceSaves(one, other, fixture, { count: 50, revision: 1 }),
  "of two saves of one revision exactly one is written": async (one, other, fixture) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await raceSaves(one, other, fixture, { count: 2, revision: 3 });
    }
  },
  "of 50 saves of one revision exactly one is written": (one, other, fixture) =>
    raceSaves(one, other, fixture, { count: 50, revision: 2 }),
  "of 50 first saves over an expired record exactly one is written": async (
    one,
    other,
    fixture,
  ) => {
    const handle = fixture.handle();
    const old = fixture.shortLived();
    await one.save(handle, old);
    await fixture.time.reach(old.expiresAt);
    const records = Array.from({ length: 50 }, () => fixture.record());
    const won = await winners([one, other], records, (store, record) => store.save(handle, record));
    assert.equal(won.length, 1, `exactly one of 50 must be written, but ${won.length} were`);
  },
  "counters that retry until their save is written lose no count": async (one, other, fixture) => {
    const handle = fixture.handle();
    await one.save(handle, fixture.record({ data: "0" }));
    const counters = Array.from({ length: COUNTERS }, (_, index) =>
      count(index % 2 ? other : one, handle, fixture),
    );
    await Promise.all(counters);
    const counted = (await one.load(handle))?.data;
    const problem = `${COUNTERS} counters must count to ${COUNTERS}, but they counted to ${counted}`;
    assert.equal(counted, String(COUNTERS), problem);
  },
  "saves of different sessions are all written": async (one, other, fixture) => {
    const sessions = fixture
      .handles(100)
      .map((handle) => ({ handle, record: fixture.record({ owner: "ada" }) }));
    const won = await winners([one, other], sessions, (store, { handle, record }) =>
      store.save(handle, record),
    );
    assert.equal(won.length, 100, `all 100 must be written, but only ${won.length} were`);
    const loaded = await Promise.all(sessions.map(({ handle }) => one.load(handle)));
    for (const [index, { record }] of sessions.entries()) {
      assertRecord(loaded[index], record, "each session has a record of its own");
    }
  },
};

/** Adds one to the number in a record's data, retrying until the save is written. */
async function count(store: Store, handle: string, fixture: Fixture): Promise<void> {
  // A save is only refused if another counter's was written, so as many attempts as counters suffice.
  for (let attempt = 0; attempt < COUNTERS; attempt += 1) {
    const record = await store.load(handle);
    assert.ok(record, "the record must exist throughout");
    const next = fixture.next(record, { data: String(Number(record.data) + 1) });
    if (await store.save(handle, next)) return;
  }
  assert.fail("a save was refused although no other had been written since the load");
}

/** Saves the same revision `count` times at once: exactly one may be written. */
async function raceSaves(
  one: Store,
  other: Store,
  fixture: Fixture,
  { count, revision }: { count: number; revision: number },
): Promise<void> {
  const handle = fixture.handle();
  for (let before = 1; before < revision; before += 1) {
    await one.save(handle, fixture.record({ revision: before }));
  }
  const records = Array.from({ length: count }, () => fixture.record({ revision }));
  const won = await winners([one, other], records, (store, record) => store.save(handle, record));
  const call = `of ${count} saves of revision ${revision} at the same time`;
  const [winner] = won;
  assert.ok(
    winner && won.length === 1,
    `${call} exactly one must be written, but ${won.length} were`,
  );
  await assertHolds(one, handle, winner, "the save that resolved to true counts");
  await assertHolds(other, handle, winner, "the save that resolved to true counts");
}
