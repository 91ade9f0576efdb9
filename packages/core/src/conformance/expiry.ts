import {
  assertAnswer,
  assertHolds,
  assertHoldsNothing,
  assertKeys,
  collect,
} from "./assertions.ts";
import { clause } from "./clause.ts";

const MONTH = 30 * 24 * 3_600_000;

export const expiry = [
  ...clause("expiry", [], {
    "a record is live until its expiry and gone from that instant on": async (store, lab) => {
      const key = lab.key();
      const record = lab.brief();
      await store.save(key, record);
      if (lab.time.exact) {
        await lab.time.reach(record.expiresAt - 1);
        await assertHolds(store, key, record, "one millisecond before expiresAt it is live");
      }
      await lab.time.reach(record.expiresAt);
      await assertHoldsNothing(store, key, "at expiresAt the session is over");
    },
    "months ahead is not now": async (store, lab) => {
      // Beyond 2^31 ms a timer of JavaScript fires at once.
      for (const life of [MONTH, 12 * MONTH, 400 * MONTH]) {
        const key = lab.key();
        const record = lab.record({ expiresAt: lab.time.now() + life });
        await store.save(key, record);
        await lab.time.reach(lab.time.now() + 5);
        await assertHolds(store, key, record, `it lives ${life} ms`);
      }
    },
    "over an expired record a first save is taken": async (store, lab) => {
      const key = lab.key();
      const old = lab.brief({ owner: "ada" });
      await store.save(key, old);
      await lab.time.reach(old.expiresAt);
      const record = lab.record();
      const saved = await store.save(key, record);
      assertAnswer(saved, true, "save() of revision 1", "an expired record counts as none");
      await assertHolds(store, key, record, "nothing of the expired record shines through");
    },
    "an expired session is not brought back by a later revision": async (store, lab) => {
      const key = lab.key();
      const old = lab.brief();
      await store.save(key, old);
      await lab.time.reach(old.expiresAt);
      const next = lab.next(old, { expiresAt: lab.time.now() + 60_000 });
      const reason = "an expired record counts as none, so only revision 1 is next";
      assertAnswer(await store.save(key, next), false, "save() of revision 2", reason);
      await assertHoldsNothing(store, key, reason);
    },
    "delete() of an expired record resolves to false": async (store, lab) => {
      const [one, other] = [lab.key(), lab.key()];
      const record = lab.brief();
      await store.save(one, record);
      await store.save(other, record);
      await lab.time.reach(record.expiresAt);
      const reason = "no live record was removed";
      assertAnswer(await store.delete(one), false, "delete(key)", reason);
      assertAnswer(await store.delete(other, 1), false, "delete(key, 1)", reason);
    },
    "a later save moves the expiry ahead": async (store, lab) => {
      const key = lab.key();
      const old = lab.brief();
      await store.save(key, old);
      const record = lab.next(old, { expiresAt: old.expiresAt + 60_000 });
      await store.save(key, record);
      await lab.time.reach(old.expiresAt);
      await assertHolds(store, key, record, "the expiry of the last save counts");
    },
    "a later save moves the expiry back": async (store, lab) => {
      const key = lab.key();
      const first = lab.record();
      await store.save(key, first);
      const { expiresAt } = lab.brief();
      await store.save(key, lab.next(first, { expiresAt }));
      await lab.time.reach(expiresAt);
      await assertHoldsNothing(store, key, "the expiry of the last save counts");
    },
    "a refused save does not extend": async (store, lab) => {
      const key = lab.key();
      const record = lab.brief();
      await store.save(key, record);
      await store.save(key, lab.record());
      await lab.time.reach(record.expiresAt);
      await assertHoldsNothing(store, key, "a refused save changes nothing");
    },
    "a record that is saved when it has expired already is never live": async (store, lab) => {
      const key = lab.key();
      await store.save(key, lab.record({ expiresAt: lab.time.now() - 60_000 }));
      await assertHoldsNothing(store, key, "an expiry in the past is no expiry that never comes");
      const saved = await store.save(key, lab.record());
      assertAnswer(saved, true, "save() of revision 1 after it", "no live record counts as 0");
    },
  }),
  ...clause("expiry", ["touch"], {
    "touch() of an expired record resolves to false and revives nothing": async (store, lab) => {
      const key = lab.key();
      const record = lab.brief();
      await store.save(key, record);
      await lab.time.reach(record.expiresAt);
      const reason = "an expired session stays expired";
      const touched = await store.touch(key, lab.time.now() + 60_000);
      assertAnswer(touched, false, "touch()", reason);
      await assertHoldsNothing(store, key, reason);
    },
  }),
  ...clause("expiry", ["list"], {
    "list() yields no expired record": async (store, lab) => {
      const [key, live] = [lab.key(), lab.key()];
      const record = lab.brief({ owner: "ada" });
      await store.save(key, record);
      await store.save(live, lab.record({ owner: "ada" }));
      if (lab.time.exact) {
        await lab.time.reach(record.expiresAt - 1);
        assertKeys(await collect(store.list()), [key, live], "both are live");
        assertKeys(await collect(store.list("ada")), [key, live], "both are live");
      }
      await lab.time.reach(record.expiresAt);
      assertKeys(await collect(store.list()), [live], "the other one is over");
      assertKeys(await collect(store.list("ada")), [live], "the other one is over");
    },
  }),
];
