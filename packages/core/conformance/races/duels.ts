import type { Store } from "../../src/contract/store.ts";
import { type StoreWith, supports } from "../harness/capability.ts";
import {
  type Duel,
  type DuelName,
  type DuelReport,
  type DuelTerms,
  Rounds,
  type Side,
} from "./duel.ts";

const counters: Duel = { first: count, second: count };

const holders: Duel = { first: hold, second: hold };

const counterAndToucher: Duel<"touch"> = { first: countAlone, second: touch };

const counterAndDeleter: Duel = { first: countAfresh, second: deleteOften };

const counterAndExactDeleter: Duel = { first: countAfresh, second: deleteExactly };

/** Fights one side of a duel. */
export async function fight(
  store: Store,
  { duel, side, terms }: { duel: DuelName; side: Side; terms: DuelTerms },
): Promise<DuelReport> {
  const rounds = new Rounds(side, terms);
  switch (duel) {
    case "counters":
      return counters[side](store, rounds);
    case "holders":
      return holders[side](store, rounds);
    case "counter and deleter":
      return counterAndDeleter[side](store, rounds);
    case "counter and exact deleter":
      return counterAndExactDeleter[side](store, rounds);
    case "counter and toucher":
      return supports(store, ["touch"])
        ? counterAndToucher[side](store, rounds)
        : { done: 0, problem: "the store has no touch()" };
  }
}

/** Saves one revision after another, against others that do the same. */
async function count(store: Store, rounds: Rounds): Promise<DuelReport> {
  let done = 0;
  while (rounds.next()) {
    const revision = (await store.load(rounds.handle))?.revision;
    if (revision === undefined) return { done, problem: "load() found no record" };
    if (await store.save(rounds.handle, rounds.record(revision + 1))) done += 1;
    else if ((await store.load(rounds.handle))?.revision === revision) {
      return { done, problem: wronglyRefused(revision + 1) };
    }
  }
  return { done };
}

/** Saves one revision after another, while nobody else saves. */
async function countAlone(store: Store, rounds: Rounds): Promise<DuelReport> {
  let revision = 1;
  while (rounds.next()) {
    const saved = await store.save(rounds.handle, rounds.record(revision + 1));
    if (!saved) return { done: revision - 1, problem: wronglyRefused(revision + 1) };
    revision += 1;
  }
  return { done: revision - 1 };
}

async function touch(store: StoreWith<"touch">, rounds: Rounds): Promise<DuelReport> {
  let done = 0;
  while (rounds.next()) {
    const touched = await store.touch(rounds.handle, rounds.expiry());
    if (!touched) return { done, problem: "touch() of a live record resolved to false" };
    done += 1;
  }
  return { done };
}

/** Begins the session, which only one side can, and then ends it: the store as a lock. */
async function hold(store: Store, rounds: Rounds): Promise<DuelReport> {
  let done = 0;
  while (rounds.next()) {
    const record = rounds.record(1);
    if (!(await store.save(rounds.handle, record))) continue;
    const found = await store.load(rounds.handle);
    if (found?.data !== record.data) {
      return { done, problem: "a first save was acknowledged, but load() found another record" };
    }
    if (!(await store.delete(rounds.handle, 1))) {
      return { done, problem: "delete(handle, 1) of the own record resolved to false" };
    }
    done += 1;
  }
  return { done };
}

/** Counts, and begins again when the session has been ended. The data of its records tells them apart. */
async function countAfresh(store: Store, rounds: Rounds): Promise<DuelReport> {
  let done = 0;
  let session = "";
  let revision = 0;
  const ends: string[] = [];
  while (rounds.next()) {
    const next = rounds.record(revision + 1);
    if (revision === 0) session = next.data;
    if (await store.save(rounds.handle, { ...next, data: session })) {
      revision += 1;
      done += 1;
    } else if (revision === 0) return { done, problem: wronglyRefused(1) };
    else {
      ends.push(`${session}, revision ${revision}`);
      revision = 0;
    }
  }
  return { done, ends: [...ends, `${session}, revision ${revision}`] };
}

/** Ends the session at the revision that it has, and at no other. */
async function deleteExactly(store: Store, rounds: Rounds): Promise<DuelReport> {
  const ends: string[] = [];
  while (rounds.next()) {
    const found = await store.load(rounds.handle);
    if (found === undefined) continue;
    const { data, revision } = found;
    const deleted = await store.delete(rounds.handle, revision);
    if (deleted) ends.push(`${data}, revision ${revision}`);
  }
  return { done: ends.length, ends };
}

/** Ends the session again and again. What was ended must not be found any more. */
async function deleteOften(store: Store, rounds: Rounds): Promise<DuelReport> {
  let done = 0;
  while (rounds.next()) {
    const before = await store.load(rounds.handle);
    if (before === undefined) continue;
    await store.delete(rounds.handle);
    const after = await store.load(rounds.handle);
    if (after?.data === before.data) {
      return { done, problem: "a session that was ended came back with a later save" };
    }
    done += 1;
  }
  return { done };
}

function wronglyRefused(revision: number): string {
  return `save() of revision ${revision} resolved to false over revision ${revision - 1}`;
}
