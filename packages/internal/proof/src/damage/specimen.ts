import type { SessionRecord } from "@sess/core";
import { LevelStore } from "@sess/store-level";
import { handle, record } from "../records.ts";

/** How many sessions a specimen ever had. */
export const SESSIONS = 60;

/** What is done to session `number` in each of the three spans between two openings. */
const SPANS: readonly ((number: number) => readonly ("save" | "delete")[])[] = [
  (number) => (number < 40 ? ["save"] : []),
  (number) => [
    ...(number < 40 && number % 3 === 0 ? (["save"] as const) : []),
    ...(number < 40 && number % 5 === 0 ? (["delete"] as const) : []),
  ],
  (number) => [
    ...(number >= 40 ? (["save"] as const) : []),
    ...(number % 7 === 1 ? (["save"] as const) : []),
    ...(number % 11 === 2 ? (["delete"] as const) : []),
  ],
];

/** Each state that a session was in, the last one first; `undefined` is no session. */
export function statesOf(number: number): (SessionRecord | undefined)[] {
  const states: (SessionRecord | undefined)[] = [undefined];
  for (const step of SPANS.flatMap((span) => span(number))) {
    const revision = (states[0]?.revision ?? 0) + 1;
    states.unshift(step === "save" ? record(number, revision) : undefined);
  }
  return states;
}

/**
 * Makes a directory with sessions in several tables and in a log, some of them saved again and some
 * deleted. `landed` is told after each change.
 */
export async function makeSpecimen(location: string, landed = () => {}): Promise<void> {
  const revisions = new Map<number, number>();
  for (const span of SPANS) {
    await using store = await LevelStore.open(location);
    for (let number = 0; number < SESSIONS; number += 1) {
      for (const step of span(number)) {
        const revision = step === "save" ? (revisions.get(number) ?? 0) + 1 : 0;
        if (step === "save") await store.save(handle(number), record(number, revision));
        else await store.delete(handle(number));
        revisions.set(number, revision);
        landed();
      }
    }
  }
}
