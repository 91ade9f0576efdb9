import { expect, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { collect, handle, record, StoppedClock } from "@sess/test-support";
import fc from "fast-check";
import { LAST_TIME, times } from "../support/arbitraries.ts";
import { WatchedDatabase } from "../support/watched-database.ts";

const NOW = 1_800_000_000_000;
const one = handle(1);

for (const read of ["sync", "async"] as const) {
  test(`a save or touch to an expiry that has passed is refused and changes nothing (${read})`, async () => {
    using _ = new StoppedClock(NOW);
    const watched = await WatchedDatabase.open();
    const store = new LevelStore(watched.db, { read });
    for (const expiresAt of [0, 1, NOW - 1, NOW]) {
      expect(await store.save(one, record({ expiresAt }))).toBe(false);
    }
    expect(watched.batches).toEqual([]);

    const saved = record({ owner: "ada" });
    await store.save(one, saved);
    watched.batches.length = 0;
    for (const expiresAt of [0, 1, NOW - 1, NOW]) {
      expect(await store.save(one, record({ revision: 2, expiresAt }))).toBe(false);
      expect(await store.touch(one, expiresAt)).toBe(false);
      expect(await store.touch(one, expiresAt, 1)).toBe(false);
    }
    expect(watched.batches).toEqual([]);
    expect(await store.load(one)).toEqual(saved);
    expect(await store.touch(one, NOW + 1)).toBe(true);
  });
}

test("a session may be created and expire at any time that a Date can be", async () => {
  const watched = await WatchedDatabase.open();
  const store = new LevelStore(watched.db, { sync: false });
  const spans = fc.tuple(times, times, times).map((drawn) => drawn.sort((a, b) => a - b));
  await fc.assert(
    fc.asyncProperty(spans, async ([createdAt = 0, now = 0, expiresAt = 0]) => {
      fc.pre(now < expiresAt);
      using clock = new StoppedClock(now);
      const saved = record({ createdAt, expiresAt, owner: "ada" });
      expect(await store.save(one, saved)).toBe(true);
      expect(await store.load(one)).toEqual(saved);
      expect(await collect(store.list("ada"))).toEqual([[one, saved]]);
      clock.set(expiresAt - 1);
      expect(await store.sweep()).toBe(0);
      clock.set(expiresAt);
      expect(await store.load(one)).toBeUndefined();
      expect(await store.sweep()).toBe(1);
      expect(await watched.raw.keys().all()).toEqual([]);
    }),
    { examples: [[[0, 0, 1]], [[0, 0, LAST_TIME]], [[LAST_TIME - 1, LAST_TIME - 1, LAST_TIME]]] },
  );
});
