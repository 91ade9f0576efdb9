import assert from "node:assert/strict";
import {
  assertHandles,
  assertHolds,
  assertHoldsNothing,
  assertResolved,
  collect,
} from "../harness/assertions.ts";
import { everyRace } from "../races/every-race.ts";
import type { Races } from "../races/race.ts";
import { acrossConnections } from "./across.ts";
import { duels } from "./duels.ts";
import { killedProcess } from "./killed-process.ts";
import { lateConnection } from "./late-connection.ts";
import { rememberedMisses } from "./remembered-misses.ts";
import { wrongClock } from "./wrong-clock.ts";

const basicRules: Races = {
  "what one saves the other loads": async (one, other, fixture) => {
    // Not assert.notEqual: it keeps the stores in its error, which node:test's TAP reporter cannot print.
    assert.ok(one !== other, "connect() must open a second store, not return the first");
    const handle = fixture.handle();
    let record = fixture.record({ owner: "ada" });
    for (let round = 0; round < 10; round += 1) {
      const [writer, reader] = round % 2 ? [other, one] : [one, other];
      const saved = await writer.save(handle, record);
      assertResolved(saved, true, "save() by turns", "it follows the other connection's save");
      await assertHolds(reader, handle, record, "the save has resolved");
      record = fixture.next(record);
    }
  },
  "a stale save of the other does not revive what one deleted": async (one, other, fixture) => {
    const handle = fixture.handle();
    const record = fixture.record();
    await one.save(handle, record);
    await other.load(handle);
    await one.delete(handle);
    await assertHoldsNothing(other, handle, "the delete has resolved");
    const saved = await other.save(handle, fixture.next(record));
    assertResolved(saved, false, "save() of revision 2", "the session was ended");
    await assertHoldsNothing(one, handle, "a session that was ended came back");
  },
  "what one saves makes the other's save stale": async (one, other, fixture) => {
    const handle = fixture.handle();
    const first = fixture.record();
    const second = fixture.next(first);
    await one.save(handle, first);
    await other.load(handle);
    await one.save(handle, second);
    const saved = await other.save(handle, fixture.next(first));
    assertResolved(saved, false, "save() of revision 2 over 2", "it would lose the other's update");
    const deleted = await other.delete(handle, 1);
    assertResolved(deleted, false, "delete(handle, 1)", "the live record has revision 2");
    await assertHolds(other, handle, second, "the first save of revision 2 counts");
  },
};

const touchRules: Races<"touch"> = {
  "what one touches lives on for the other": async (one, other, fixture) => {
    const handle = fixture.handle();
    const record = fixture.shortLived();
    await one.save(handle, record);
    await other.load(handle);
    const expiresAt = record.expiresAt + 60_000;
    await one.touch(handle, expiresAt);
    await fixture.time.reach(record.expiresAt);
    await assertHolds(other, handle, { ...record, expiresAt }, "the touch has resolved");
  },
  "what one deletes the other cannot touch": async (one, other, fixture) => {
    const handle = fixture.handle();
    const record = fixture.record();
    await one.save(handle, record);
    await other.load(handle);
    await one.delete(handle);
    const touched = await other.touch(handle, record.expiresAt + 60_000);
    assertResolved(touched, false, "touch()", "an ended session stays ended");
    await assertHoldsNothing(one, handle, "an ended session stays ended");
  },
};

const listRules: Races<"list"> = {
  "what one saves and deletes the other lists": async (one, other, fixture) => {
    const [kept, moved, gone] = [fixture.handle(), fixture.handle(), fixture.handle()];
    const record = fixture.record({ owner: "ada" });
    for (const handle of [kept, moved, gone]) await one.save(handle, record);
    const ofAda = await collect(other.list("ada"));
    assertHandles(ofAda, [kept, moved, gone], "the saves have resolved");
    await one.save(moved, fixture.next(record, { owner: "bob" }));
    await other.delete(gone);
    for (const store of [one, other]) {
      const reason = "the save and the delete have resolved";
      assertHandles(await collect(store.list("ada")), [kept], reason);
      assertHandles(await collect(store.list("bob")), [moved], reason);
      assertHandles(await collect(store.list()), [kept, moved], reason);
    }
  },
};

const closeRules: Races<"close"> = {
  "closing one leaves the other open": async (one, other, fixture) => {
    const handle = fixture.handle();
    const record = fixture.record();
    await one.save(handle, record);
    await other.close();
    await assertHolds(one, handle, record, "each connection is closed by itself");
  },
  "what is acknowledged during close() the other finds": async (one, other, fixture) => {
    const kept = await fixture.saveMany(one, 20);
    const created = fixture.handles(20).map((handle) => [handle, fixture.record()] as const);
    const saves = created.map(([handle, record]) => one.save(handle, record));
    const deletes = [...kept.keys()].map((handle) => one.delete(handle));
    const calls = Promise.all([...saves, ...deletes]);
    // A failure is told below, not as an unhandled rejection.
    calls.catch(() => {});
    await one.close();
    const refused = (await calls).filter((answer) => !answer).length;
    assert.equal(refused, 0, `${refused} of 40 calls made before close() resolved to false`);
    const reason = "it was made before close(), and acknowledged";
    for (const [handle, record] of created) await assertHolds(other, handle, record, reason);
    for (const handle of kept.keys()) await assertHoldsNothing(other, handle, reason);
  },
};

/** What a lock or a cache inside one process cannot provide. */
export const twoConnections = [
  ...acrossConnections({ sentence: 6 }, basicRules),
  ...acrossConnections({ sentence: 13, needs: ["touch"] }, touchRules),
  ...acrossConnections({ sentence: 6, needs: ["list"] }, listRules),
  ...acrossConnections({ sentence: 17, needs: ["close"] }, closeRules),
  ...lateConnection,
  ...rememberedMisses,
  ...everyRace(acrossConnections),
  ...duels,
  ...killedProcess,
  ...wrongClock,
];
