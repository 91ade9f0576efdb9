import assert from "node:assert/strict";
import {
  assertAnswer,
  assertHolds,
  assertHoldsNothing,
  assertKeys,
  collect,
} from "./assertions.ts";
import { type Capability, clause, has } from "./clause.ts";
import { deleteRaces, type Races, saveRaces } from "./races.ts";
import { refreshRaces, sweepRaces } from "./races-of-sweep.ts";
import { touchRaces } from "./races-of-touch.ts";

const seen: Races<never> = {
  "what one saves the other loads": async (one, other, lab) => {
    // A boolean: runners print what an assertion holds, and node:test's TAP reporter fails on a store.
    assert.ok(one !== other, "connect() must open a second store, not give back the first");
    const key = lab.key();
    let record = lab.record({ owner: "ada" });
    for (let round = 0; round < 10; round += 1) {
      const [writer, reader] = round % 2 ? [other, one] : [one, other];
      const saved = await writer.save(key, record);
      assertAnswer(saved, true, "save() in turns", "what the other saved is seen");
      await assertHolds(reader, key, record, "the save has resolved");
      record = lab.next(record);
    }
  },
  "what one deletes no stale save of the other brings back": async (one, other, lab) => {
    const key = lab.key();
    const record = lab.record();
    await one.save(key, record);
    await other.load(key);
    await one.delete(key);
    await assertHoldsNothing(other, key, "the delete has resolved");
    const saved = await other.save(key, lab.next(record));
    assertAnswer(saved, false, "save() of revision 2", "a session that was ended came back");
    await assertHoldsNothing(one, key, "a session that was ended came back");
  },
  "what one saves makes the other's save stale": async (one, other, lab) => {
    const key = lab.key();
    const first = lab.record();
    const second = lab.next(first);
    await one.save(key, first);
    await other.load(key);
    await one.save(key, second);
    const saved = await other.save(key, lab.next(first));
    assertAnswer(saved, false, "save() of revision 2 over 2", "it would lose the other's update");
    assertAnswer(await other.delete(key, 1), false, "delete(key, 1)", "revision 2 is live");
    await assertHolds(other, key, second, "the first save of the revision stands");
  },
};

const seenTouch: Races<"touch"> = {
  "what one touches lives on in the other": async (one, other, lab) => {
    const key = lab.key();
    const record = lab.brief();
    await one.save(key, record);
    await other.load(key);
    const expiresAt = record.expiresAt + 60_000;
    await one.touch(key, expiresAt);
    await lab.time.reach(record.expiresAt);
    await assertHolds(other, key, { ...record, expiresAt }, "the touch has resolved");
  },
  "what one deletes the other cannot touch": async (one, other, lab) => {
    const key = lab.key();
    const record = lab.record();
    await one.save(key, record);
    await other.load(key);
    await one.delete(key);
    const touched = await other.touch(key, record.expiresAt + 60_000);
    assertAnswer(touched, false, "touch()", "a session that was ended stays ended");
    await assertHoldsNothing(one, key, "a session that was ended stays ended");
  },
};

const seenList: Races<"list"> = {
  "what one saves and deletes the other lists": async (one, other, lab) => {
    const [key, moved, gone] = [lab.key(), lab.key(), lab.key()];
    const record = lab.record({ owner: "ada" });
    for (const each of [key, moved, gone]) await one.save(each, record);
    assertKeys(await collect(other.list("ada")), [key, moved, gone], "the saves have resolved");
    await one.save(moved, lab.next(record, { owner: "bob" }));
    await other.delete(gone);
    for (const store of [one, other]) {
      assertKeys(await collect(store.list("ada")), [key], "the changes have resolved");
      assertKeys(await collect(store.list("bob")), [moved], "the changes have resolved");
      assertKeys(await collect(store.list()), [key, moved], "the changes have resolved");
    }
  },
};

const seenClose: Races<"close"> = {
  "closing one leaves the other open": async (one, other, lab) => {
    const key = lab.key();
    const record = lab.record();
    await one.save(key, record);
    await other.close();
    await assertHolds(one, key, record, "each connection is closed for itself");
  },
};

/** What a lock or a cache inside one process would feign. */
export const twoConnections = [
  ...across([], seen),
  ...across(["touch"], seenTouch),
  ...across(["list"], seenList),
  ...across(["close"], seenClose),
  ...across([], saveRaces),
  ...across([], deleteRaces),
  ...across(["touch"], touchRaces),
  ...across(["sweep"], sweepRaces),
  ...across(["sweep", "touch"], refreshRaces),
];

function across<C extends Capability>(needs: readonly C[], races: Races<C>) {
  return Object.entries(races).flatMap(([sentence, race]) =>
    clause("two connections", needs, {
      [sentence]: async (store, lab) => {
        const other = await lab.connect();
        assert.ok(has(other, needs), "connect() must give a store with the same methods");
        await race(store, other, lab);
      },
    }),
  );
}
