import assert from "node:assert/strict";
import {
  assertAnswer,
  assertHolds,
  assertHoldsNothing,
  assertKeys,
  collect,
} from "./assertions.ts";
import { clause } from "./clause.ts";
import { fill } from "./fill.ts";

export const sweep = [
  ...clause("sweep", ["sweep"], {
    "all that has expired is removed and counted, not the first alone": async (store, lab) => {
      const { expiresAt } = lab.brief();
      const gone = await fill(store, lab, 25, (index) =>
        index % 2 ? { expiresAt } : { expiresAt, owner: "ada" },
      );
      await lab.time.reach(expiresAt);
      assertAnswer(await store.sweep(), 25, "sweep()", "25 records had expired");
      assertAnswer(await store.sweep(), 0, "a second sweep()", "nothing was left to remove");
      for (const key of gone.keys()) await assertHoldsNothing(store, key, "it has expired");
    },
    "a thousand expired records are removed": async (store, lab) => {
      const expiresAt = lab.time.now() + 2_000;
      await fill(store, lab, 1_200, () => ({ expiresAt }));
      await lab.time.reach(expiresAt);
      assertAnswer(await store.sweep(), 1_200, "sweep()", "a step that is full is not the last");
    },
    "what lives stays": async (store, lab) => {
      const { expiresAt } = lab.brief();
      const live = await fill(store, lab, 25, () => ({ owner: "ada" }));
      await fill(store, lab, 25, () => ({ expiresAt }));
      if (lab.time.exact) {
        await lab.time.reach(expiresAt - 1);
        assertAnswer(await store.sweep(), 0, "sweep()", "nothing has expired yet");
      }
      await lab.time.reach(expiresAt);
      assertAnswer(await store.sweep(), 25, "sweep()", "25 of 50 records had expired");
      for (const [key, record] of live) await assertHolds(store, key, record, "it lives");
    },
    "a record that a save has extended stays": async (store, lab) => {
      const key = lab.key();
      const old = lab.brief();
      const record = lab.next(old, { expiresAt: old.expiresAt + 60_000 });
      await store.save(key, old);
      await store.save(key, record);
      await lab.time.reach(old.expiresAt);
      assertAnswer(await store.sweep(), 0, "sweep()", "its last save has moved its expiry");
      await assertHolds(store, key, record, "it lives");
    },
    "a session that began over an expired one stays": async (store, lab) => {
      const key = lab.key();
      const old = lab.brief();
      await store.save(key, old);
      await lab.time.reach(old.expiresAt);
      const record = lab.record();
      await store.save(key, record);
      assertAnswer(await store.sweep(), 0, "sweep()", "nothing expired is left under the key");
      await assertHolds(store, key, record, "it lives");
    },
    "what a save has cut short is removed": async (store, lab) => {
      const key = lab.key();
      const first = lab.record();
      const { expiresAt } = lab.brief();
      await store.save(key, first);
      await store.save(key, lab.next(first, { expiresAt }));
      await lab.time.reach(expiresAt);
      assertAnswer(await store.sweep(), 1, "sweep()", "its last save has moved its expiry");
    },
    "sweeps at once count each record once": async (store, lab) => {
      const { expiresAt } = lab.brief();
      await fill(store, lab, 50, () => ({ expiresAt }));
      await lab.time.reach(expiresAt);
      const counts = await Promise.all([store.sweep(), store.sweep(), store.sweep()]);
      const sum = counts.reduce((total, count) => total + count, 0);
      assert.equal(sum, 50, `sweeps at once must count 50 together, but they counted ${counts}`);
    },
  }),
  ...clause("sweep", ["sweep", "touch"], {
    "a record that a touch has extended stays and goes when it is due": async (store, lab) => {
      const key = lab.key();
      const record = lab.brief();
      const expiresAt = record.expiresAt + 2 * lab.time.brief;
      await store.save(key, record);
      await store.touch(key, expiresAt);
      await lab.time.reach(record.expiresAt);
      assertAnswer(await store.sweep(), 0, "sweep()", "a touch has moved the expiry");
      await assertHolds(store, key, { ...record, expiresAt }, "it lives");
      await lab.time.reach(expiresAt);
      assertAnswer(await store.sweep(), 1, "sweep()", "the moved expiry has come");
    },
    "what a touch has cut short is removed": async (store, lab) => {
      const key = lab.key();
      const { expiresAt } = lab.brief();
      await store.save(key, lab.record());
      await store.touch(key, expiresAt);
      await lab.time.reach(expiresAt);
      assertAnswer(await store.sweep(), 1, "sweep()", "a touch has moved the expiry");
    },
  }),
  ...clause("sweep", ["sweep", "list"], {
    "a sweep leaves every live session in the list": async (store, lab) => {
      const { expiresAt } = lab.brief();
      const live = await fill(store, lab, 30);
      await fill(store, lab, 30, () => ({ expiresAt }));
      await lab.time.reach(expiresAt);
      await store.sweep();
      assertKeys(await collect(store.list()), live.keys(), "those have not expired");
    },
  }),
];
