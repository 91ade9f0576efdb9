import { assertHolds, assertHoldsNothing, assertKeys, assertSame, collect } from "./assertions.ts";
import { clause } from "./clause.ts";

/** "Whatever resolved is seen by each later call." */
export const order = [
  ...clause("order", [], {
    "what save() resolved is seen by the next load()": async (store, lab) => {
      const key = lab.key();
      let record = lab.record();
      for (let round = 0; round < 20; round += 1) {
        await store.save(key, record);
        await assertHolds(store, key, record, "the save has resolved");
        record = lab.next(record);
      }
    },
    "many loads at once see the last save": async (store, lab) => {
      const key = lab.key();
      const first = lab.record();
      const second = lab.next(first);
      await store.save(key, first);
      await Promise.all(Array.from({ length: 20 }, () => store.load(key)));
      await store.save(key, second);
      const loads = Array.from({ length: 50 }, () => store.load(key));
      for (const loaded of await Promise.all(loads)) {
        assertSame(loaded, second, "each load began after the save had resolved");
      }
    },
    "what delete() resolved is seen by the next load()": async (store, lab) => {
      const keys = lab.keys(20);
      for (const key of keys) {
        await store.save(key, lab.record());
        await store.load(key);
        await store.delete(key);
        await assertHoldsNothing(store, key, "the delete has resolved");
      }
    },
  }),
  ...clause("order", ["touch"], {
    "what touch() resolved is seen by the next load()": async (store, lab) => {
      const key = lab.key();
      const record = lab.record();
      await store.save(key, record);
      for (let round = 1; round <= 20; round += 1) {
        const expiresAt = record.expiresAt + round;
        await store.touch(key, expiresAt);
        await assertHolds(store, key, { ...record, expiresAt }, "the touch has resolved");
      }
    },
  }),
  ...clause("order", ["list"], {
    "what save() and delete() resolved is seen by the next list()": async (store, lab) => {
      const live = new Set<string>();
      for (let round = 0; round < 20; round += 1) {
        const key = lab.key();
        const record = lab.record({ owner: "ada" });
        await store.save(key, record);
        live.add(key);
        assertSame((await collect(store.list("ada"))).get(key), record, "the save has resolved");
        if (round % 3 === 0) live.delete(key) && (await store.delete(key));
        assertKeys(await collect(store.list("ada")), live, "the delete has resolved");
        assertKeys(await collect(store.list()), live, "the delete has resolved");
      }
    },
  }),
];
