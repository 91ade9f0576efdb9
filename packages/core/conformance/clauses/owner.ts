import { assertHandles, assertResolved, collect } from "../harness/assertions.ts";
import type { StoreWith } from "../harness/capability.ts";
import { clause } from "../harness/clause.ts";
import { ownerComparison } from "./owner-comparison.ts";

export const owner = [
  ...clause(
    "owner",
    { sentence: 14, needs: ["list"] },
    {
      "a first save adds the session to its owner's list": async (store, fixture) => {
        const [owned, unowned] = [fixture.handle(), fixture.handle()];
        await store.save(owned, fixture.record({ owner: "ada" }));
        await store.save(unowned, fixture.record());
        await assertLists(store, { ada: [owned], all: [owned, unowned] }, "after a first save");
      },
      "a later save keeps the session in the list": async (store, fixture) => {
        const handle = fixture.handle();
        const record = fixture.record({ owner: "ada" });
        await store.save(handle, record);
        await store.save(handle, fixture.next(record));
        await assertLists(store, { ada: [handle], all: [handle] }, "after a later save");
      },
      "a save with another owner moves the session to that owner's list": async (
        store,
        fixture,
      ) => {
        const handle = fixture.handle();
        const record = fixture.record({ owner: "ada" });
        await store.save(handle, record);
        await store.save(handle, fixture.next(record, { owner: "bob" }));
        await assertLists(store, { bob: [handle], all: [handle] }, "after a change of owner");
        await store.save(handle, fixture.record({ revision: 3, owner: "ada" }));
        await assertLists(store, { ada: [handle], all: [handle] }, "after the change back");
      },
      "a later save that brings an owner adds the session to the list": async (store, fixture) => {
        const handle = fixture.handle();
        const record = fixture.record();
        await store.save(handle, record);
        await store.save(handle, fixture.next(record, { owner: "ada" }));
        await assertLists(store, { ada: [handle], all: [handle] }, "after a sign-in");
      },
      "a save without an owner removes the session from the list": async (store, fixture) => {
        const handle = fixture.handle();
        const record = fixture.record();
        await store.save(handle, { ...record, owner: "ada" });
        await store.save(handle, fixture.next(record));
        await assertLists(store, { all: [handle] }, "after a save without an owner");
      },
      "a refused save leaves the lists alone": async (store, fixture) => {
        const handle = fixture.handle();
        await store.save(handle, fixture.record({ owner: "ada" }));
        await store.save(handle, fixture.record({ owner: "bob" }));
        await store.save(fixture.handle(), fixture.record({ owner: "bob", revision: 2 }));
        await assertLists(store, { ada: [handle], all: [handle] }, "after refused saves");
      },
      "a delete removes the session from the list, a refused delete does not": async (
        store,
        fixture,
      ) => {
        const [one, other, kept] = [fixture.handle(), fixture.handle(), fixture.handle()];
        for (const handle of [one, other, kept]) {
          await store.save(handle, fixture.record({ owner: "ada" }));
        }
        await store.delete(one);
        await store.delete(other, 1);
        await store.delete(kept, 2);
        await assertLists(store, { ada: [kept], all: [kept] }, "after deletes");
      },
      "a handle that is used again belongs to its new owner": async (store, fixture) => {
        const [deleted, expired] = [fixture.handle(), fixture.handle()];
        await store.save(deleted, fixture.record({ owner: "ada" }));
        await store.delete(deleted);
        await store.save(deleted, fixture.record({ owner: "bob" }));
        const shortLived = fixture.shortLived({ owner: "ada" });
        await store.save(expired, shortLived);
        await fixture.time.reach(shortLived.expiresAt);
        await store.save(expired, fixture.record({ owner: "bob" }));
        const both = [deleted, expired];
        await assertLists(store, { bob: both, all: both }, "after their handles were used again");
      },
      "many owners have lists of their own": async (store, fixture) => {
        const owners = new Map<string, string[]>();
        for (let index = 0; index < 40; index += 1) {
          const name = `user-${index % 10}`;
          const handle = fixture.handle();
          owners.set(name, [...(owners.get(name) ?? []), handle]);
          await store.save(handle, fixture.record({ owner: name }));
        }
        for (const [name, handles] of owners) {
          assertHandles(
            await collect(store.list(name)),
            handles,
            `these are the sessions of ${name}`,
          );
        }
      },
    },
  ),
  ...clause(
    "owner",
    { sentence: 14, needs: ["list", "touch"] },
    {
      "a touch keeps the owner, and the list follows the new expiry": async (store, fixture) => {
        const [extended, ended] = [fixture.handle(), fixture.handle()];
        const record = fixture.shortLived({ owner: "ada" });
        await store.save(extended, record);
        await store.save(ended, fixture.record({ owner: "ada" }));
        await store.touch(extended, record.expiresAt + 60_000);
        await store.touch(ended, record.expiresAt);
        await fixture.time.reach(record.expiresAt);
        await assertLists(store, { ada: [extended], all: [extended] }, "after touches");
      },
    },
  ),
  ...clause(
    "owner",
    { sentence: 14, needs: ["list", "sweep"] },
    {
      "a sweep removes expired sessions from the lists and no others": async (store, fixture) => {
        const [live, expired] = [fixture.handle(), fixture.handle()];
        const record = fixture.shortLived({ owner: "ada" });
        await store.save(live, fixture.record({ owner: "ada" }));
        await store.save(expired, record);
        await fixture.time.reach(record.expiresAt);
        await store.sweep();
        await assertLists(store, { ada: [live], all: [live] }, "after a sweep");
        const saved = await store.save(expired, fixture.record({ owner: "bob" }));
        assertResolved(saved, true, "save() of revision 1", "the expired record is gone");
        const all = [live, expired];
        await assertLists(store, { ada: [live], bob: [expired], all }, "after a handle's new use");
      },
    },
  ),
  ...ownerComparison,
];

interface Expected {
  readonly ada?: readonly string[];
  readonly bob?: readonly string[];
  readonly all: readonly string[];
}

/** Fails unless the lists of ada, of bob and of all sessions hold exactly these handles. */
async function assertLists(
  store: StoreWith<"list">,
  { ada = [], bob = [], all }: Expected,
  when: string,
): Promise<void> {
  assertHandles(await collect(store.list("ada")), ada, `these are ada's ${when}`);
  assertHandles(await collect(store.list("bob")), bob, `these are bob's ${when}`);
  assertHandles(await collect(store.list()), all, `these are all sessions ${when}`);
}
