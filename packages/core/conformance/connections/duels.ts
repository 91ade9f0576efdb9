import assert from "node:assert/strict";
import type { Store } from "../../src/contract/store.ts";
import type { Fixture } from "../harness/fixture.ts";
import { RemoteStore } from "../process/remote-store.ts";
import type { DuelName, DuelReport, DuelTerms } from "../races/duel.ts";
import { fight } from "../races/duels.ts";
import type { Races } from "../races/race.ts";
import { acrossConnections } from "./across.ts";

const ROUNDS = 50;

/** In two processes: long enough for the system to stop each of them between a check and its write. */
const DURATION_MS = 300;

const NOTHING_DONE = "neither connection got anything done";

const saveDuels: Races = {
  "two that count at the same time lose no count": async (one, other, fixture) => {
    const handle = fixture.handle();
    await one.save(handle, fixture.record());
    const [first, second] = await duel("counters", handle, one, other, fixture);
    const revision = (await one.load(handle))?.revision ?? 0;
    const counted = first.done + second.done;
    assert.equal(
      revision - 1,
      counted,
      `${counted} saves of later revisions were acknowledged, but the revision went up by ` +
        `${revision - 1}`,
    );
  },
  "of two that begin a session at the same time one holds it": async (one, other, fixture) => {
    const [first, second] = await duel("holders", fixture.handle(), one, other, fixture);
    assert.ok(first.done + second.done > 0, NOTHING_DONE);
  },
};

const deleteDuels: Races = {
  "what one ends while the other saves stays ended": async (one, other, fixture) => {
    const [first] = await duel("counter and deleter", fixture.handle(), one, other, fixture);
    assert.ok(first.done > 0, NOTHING_DONE);
  },
  "what one ends at its revision the other has not saved since": async (one, other, fixture) => {
    const handle = fixture.handle();
    const [first, second] = await duel("counter and exact deleter", handle, one, other, fixture);
    assert.ok(first.done > 0, NOTHING_DONE);
    const lost = second.ends?.filter((end) => !first.ends?.includes(end)) ?? [];
    assert.equal(
      lost.length,
      0,
      `${lost.length} sessions were ended by delete(handle, revision) although a later revision ` +
        "had been acknowledged",
    );
  },
};

const touchDuels: Races<"touch"> = {
  "what one touches while the other saves loses no save": async (one, other, fixture) => {
    const handle = fixture.handle();
    await one.save(handle, fixture.record());
    const [first] = await duel("counter and toucher", handle, one, other, fixture);
    const revision = (await one.load(handle))?.revision;
    assert.equal(revision, first.done + 1, "the last save must be there after touches");
  },
};

/** Loops of calls in two connections, each as fast as it can. */
export const duels = [
  ...acrossConnections({ sentence: 9 }, saveDuels),
  ...acrossConnections({ sentence: 12 }, deleteDuels),
  ...acrossConnections({ sentence: 13, needs: ["touch"] }, touchDuels),
];

/** Fights it with the sides either way, since one may always be the first. */
async function duel(
  name: DuelName,
  handle: string,
  one: Store,
  other: Store,
  fixture: Fixture,
): Promise<[DuelReport, DuelReport]> {
  const isRemote = other instanceof RemoteStore;
  const duration = isRemote ? DURATION_MS : 0;
  const terms = { handle, now: fixture.time.now(), rounds: ROUNDS, duration };
  const [first, second] = await Promise.all(
    isRemote ? inTwoProcesses(name, one, other, terms) : inThisProcess(name, one, other, terms),
  );
  for (const { problem } of [first, second]) {
    if (problem !== undefined) assert.fail(`while two connections are at work: ${problem}`);
  }
  return [first, second];
}

function inThisProcess(name: DuelName, one: Store, other: Store, terms: DuelTerms) {
  return [
    fight(one, { duel: name, side: "first", terms }),
    fight(other, { duel: name, side: "second", terms }),
  ] as const;
}

function inTwoProcesses(name: DuelName, one: Store, other: RemoteStore, terms: DuelTerms) {
  let second: Promise<DuelReport> | undefined;
  const begun = new Promise<void>((resolve, reject) => {
    second = other.fight(name, "second", terms, resolve);
    second.catch(reject);
  });
  const first = begun.then(() => fight(one, { duel: name, side: "first", terms }));
  return [first, begun.then(() => second ?? Promise.reject(new Error("no duel")))] as const;
}
