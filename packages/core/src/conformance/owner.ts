import { assertAnswer, assertKeys, collect } from "./assertions.ts";
import { clause, type StoreWith } from "./clause.ts";

/** The sessions of ada and bob must be exactly these, and all sessions these and no more. */
async function assertOwners(
  store: StoreWith<"list">,
  { ada = [], bob = [], all }: { ada?: string[]; bob?: string[]; all: string[] },
  reason: string,
): Promise<void> {
  assertKeys(await collect(store.list("ada")), ada, `of ada, ${reason}`);
  assertKeys(await collect(store.list("bob")), bob, `of bob, ${reason}`);
  assertKeys(await collect(store.list()), all, `of all, ${reason}`);
}

export const owner = [
  ...clause("owner", ["list"], {
    "after a first save the owner's list names it": async (store, lab) => {
      const [key, none] = [lab.key(), lab.key()];
      await store.save(key, lab.record({ owner: "ada" }));
      await store.save(none, lab.record());
      await assertOwners(store, { ada: [key], all: [key, none] }, "after a first save");
    },
    "after a later save the owner's list names it once more": async (store, lab) => {
      const key = lab.key();
      const record = lab.record({ owner: "ada" });
      await store.save(key, record);
      await store.save(key, lab.next(record));
      await assertOwners(store, { ada: [key], all: [key] }, "after a later save");
    },
    "a save with another owner moves it": async (store, lab) => {
      const key = lab.key();
      const record = lab.record({ owner: "ada" });
      await store.save(key, record);
      await store.save(key, lab.next(record, { owner: "bob" }));
      await assertOwners(store, { bob: [key], all: [key] }, "after a change of owner");
      await store.save(key, lab.record({ revision: 3, owner: "ada" }));
      await assertOwners(store, { ada: [key], all: [key] }, "after the change back");
    },
    "a save that brings an owner adds it": async (store, lab) => {
      const key = lab.key();
      const record = lab.record();
      await store.save(key, record);
      await store.save(key, lab.next(record, { owner: "ada" }));
      await assertOwners(store, { ada: [key], all: [key] }, "after a sign-in");
    },
    "a save without owner takes it off": async (store, lab) => {
      const key = lab.key();
      const record = lab.record();
      await store.save(key, { ...record, owner: "ada" });
      await store.save(key, lab.next(record));
      await assertOwners(store, { all: [key] }, "after a save without owner");
    },
    "a refused save leaves the owner": async (store, lab) => {
      const key = lab.key();
      await store.save(key, lab.record({ owner: "ada" }));
      await store.save(key, lab.record({ owner: "bob" }));
      await store.save(lab.key(), lab.record({ owner: "bob", revision: 2 }));
      await assertOwners(store, { ada: [key], all: [key] }, "after refused saves");
    },
    "a delete takes it off, a refused one does not": async (store, lab) => {
      const [one, other, stays] = [lab.key(), lab.key(), lab.key()];
      for (const key of [one, other, stays]) await store.save(key, lab.record({ owner: "ada" }));
      await store.delete(one);
      await store.delete(other, 1);
      await store.delete(stays, 2);
      await assertOwners(store, { ada: [stays], all: [stays] }, "after deletes");
    },
    "a key that is used again is its new owner's": async (store, lab) => {
      const [key, expired] = [lab.key(), lab.key()];
      await store.save(key, lab.record({ owner: "ada" }));
      await store.delete(key);
      await store.save(key, lab.record({ owner: "bob" }));
      const brief = lab.brief({ owner: "ada" });
      await store.save(expired, brief);
      await lab.time.reach(brief.expiresAt);
      await store.save(expired, lab.record({ owner: "bob" }));
      await assertOwners(store, { bob: [key, expired], all: [key, expired] }, "after reuse");
    },
    "many owners keep their sessions apart": async (store, lab) => {
      const owners = new Map<string, string[]>();
      for (let index = 0; index < 40; index += 1) {
        const name = `user-${index % 10}`;
        const key = lab.key();
        owners.set(name, [...(owners.get(name) ?? []), key]);
        await store.save(key, lab.record({ owner: name }));
      }
      for (const [name, keys] of owners) {
        assertKeys(await collect(store.list(name)), keys, `those are the sessions of ${name}`);
      }
    },
  }),
  ...clause("owner", ["list", "touch"], {
    "a touch leaves the owner and moves the expiry of the listing": async (store, lab) => {
      const [key, ended] = [lab.key(), lab.key()];
      const record = lab.brief({ owner: "ada" });
      await store.save(key, record);
      await store.save(ended, lab.record({ owner: "ada" }));
      await store.touch(key, record.expiresAt + 60_000);
      await store.touch(ended, record.expiresAt);
      await lab.time.reach(record.expiresAt);
      await assertOwners(store, { ada: [key], all: [key] }, "after touches");
    },
  }),
  ...clause("owner", ["list", "sweep"], {
    "a sweep takes off what expired and nothing else": async (store, lab) => {
      const [key, over] = [lab.key(), lab.key()];
      const record = lab.brief({ owner: "ada" });
      await store.save(key, lab.record({ owner: "ada" }));
      await store.save(over, record);
      await lab.time.reach(record.expiresAt);
      await store.sweep();
      await assertOwners(store, { ada: [key], all: [key] }, "after a sweep");
      const saved = await store.save(over, lab.record({ owner: "bob" }));
      assertAnswer(saved, true, "save() of revision 1", "the expired record is gone");
      await assertOwners(store, { ada: [key], bob: [over], all: [key, over] }, "after reuse");
    },
  }),
];
