import type { SessionRecord } from "@sess/core";
import { LevelStore } from "@sess/store-level";
import { handle } from "@sess/test-support/records";
import { codeOf, textOf } from "../oracle/answers.ts";
import { SESSIONS, statesOf } from "./specimen.ts";

/** How many sessions of a damaged specimen were found so. */
export interface Findings {
  /** As they were last saved or deleted. */
  right: number;
  /** Gone, though they were never deleted. */
  missing: number;
  /** In an earlier state: a save is gone. */
  older: number;
  /** There, though they were deleted. */
  back: number;
  /** Refused with an error that says what is wrong. */
  refused: number;
  /** As they were never saved, or with an error of another kind. */
  wrong: number;
}

const DAMAGED: ReadonlySet<string> = new Set(["RECORD_CORRUPT", "STORE_CORRUPT"]);

/** Opens a damaged specimen and reads all of it. Gives the error's code where it cannot be opened. */
export async function examine(
  location: string,
  read: "sync" | "async",
): Promise<Findings | string> {
  const store = await LevelStore.open(location, { read }).catch(codeOf);
  if (typeof store === "string") return store;
  const findings: Findings = { right: 0, missing: 0, older: 0, back: 0, refused: 0, wrong: 0 };
  for (let number = 0; number < SESSIONS; number += 1) {
    findings[await loaded(store, number)] += 1;
  }
  findings.wrong += await wrongInList(store);
  await store.close();
  return findings;
}

async function loaded(store: LevelStore, number: number): Promise<keyof Findings> {
  const found = await store.load(handle(number)).catch(codeOf);
  if (typeof found === "string") return DAMAGED.has(found) ? "refused" : "wrong";
  const at = statesOf(number).findIndex((state) => isSame(state, found));
  if (at === 0) return "right";
  if (found === undefined) return "missing";
  if (at === -1) return "wrong";
  return statesOf(number)[0] === undefined ? "back" : "older";
}

async function wrongInList(store: LevelStore): Promise<number> {
  const numbers = Array.from({ length: SESSIONS }, (_, number) => number);
  const known = new Map(numbers.map((number) => [handle(number), statesOf(number)]));
  let wrong = 0;
  try {
    for await (const [found, record] of store.list()) {
      if (!known.get(found)?.some((state) => isSame(state, record))) wrong += 1;
    }
  } catch (error) {
    if (!DAMAGED.has(codeOf(error))) wrong += 1;
  }
  return wrong;
}

function isSame(one: SessionRecord | undefined, other: SessionRecord | undefined): boolean {
  return textOf(one) === textOf(other);
}
