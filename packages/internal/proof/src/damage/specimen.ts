import type { SessionRecord } from "@sess/core";
import { LevelStore } from "@sess/store-level";
import { handle } from "@sess/test-support/records";
import { numberedRecord } from "../numbered-record.ts";

/** How many sessions a specimen has ever had. */
export const SESSIONS = 60;

type Step = "save" | "delete";

/** What is done to a session, by its number, while the directory is open for the first, second and third time. */
const OPENINGS: readonly ((number: number) => readonly (Step | false)[])[] = [
  (number) => [number < 40 && "save"],
  (number) => [
    number < 40 && number % 3 === 0 && "save",
    number < 40 && number % 5 === 0 && "delete",
  ],
  (number) => [number >= 40 && "save", number % 7 === 1 && "save", number % 11 === 2 && "delete"],
];

/** Every state that a session was in, the last one first; `undefined` is no session. */
export function statesOf(number: number): (SessionRecord | undefined)[] {
  const states: (SessionRecord | undefined)[] = [undefined];
  for (const step of OPENINGS.flatMap((steps) => steps(number))) {
    if (step === false) continue;
    const revision = (states[0]?.revision ?? 0) + 1;
    states.unshift(step === "save" ? numberedRecord(number, revision) : undefined);
  }
  return states;
}

/** Fills a directory with sessions in several tables and in a log, some saved again, some deleted. */
export async function makeSpecimen(location: string): Promise<void> {
  const revisions = Array<number>(SESSIONS).fill(0);
  for (const steps of OPENINGS) {
    await using store = await LevelStore.open(location);
    for (const [number, revision] of revisions.entries()) {
      let next = revision;
      for (const step of steps(number)) {
        if (step === "save") {
          next += 1;
          await store.save(handle(number), numberedRecord(number, next));
        } else if (step === "delete") {
          next = 0;
          await store.delete(handle(number));
        }
      }
      revisions[number] = next;
    }
  }
}
