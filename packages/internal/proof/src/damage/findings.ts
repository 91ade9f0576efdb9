import { SessionError, type SessionRecord } from "@sess/core";
import { LevelStore } from "@sess/store-level";
import { handle } from "../records.ts";
import { SESSIONS, statesOf } from "./specimen.ts";

/** What came of the sessions of a damaged specimen, how many of each. */
export interface Findings {
  /** As they were last saved or deleted. */
  right: number;
  /** Gone though they were never deleted. */
  missing: number;
  /** In a state of before: a save is gone. */
  older: number;
  /** There though they were deleted: the delete is gone. */
  back: number;
  /** Refused with an error that says what is wrong. */
  refused: number;
  /** What was never saved, or an error of another kind. */
  wrong: number;
}

/** Opens a damaged specimen and reads all of it; the error's code where it cannot be opened. */
export async function examine(
  location: string,
  read: "sync" | "async",
): Promise<Findings | string> {
  const store = await LevelStore.open(location, { read }).catch(codeOf);
  if (typeof store === "string") return store;
  const findings: Findings = { right: 0, missing: 0, older: 0, back: 0, refused: 0, wrong: 0 };
  for (let number = 0; number < SESSIONS; number += 1) {
    findings[await kindOf(store, number)] += 1;
  }
  findings.wrong += await wrongInList(store);
  await store.close();
  return findings;
}

async function kindOf(store: LevelStore, number: number): Promise<keyof Findings> {
  const found = await store.load(handle(number)).catch(codeOf);
  if (typeof found === "string") return CODES.has(found) ? "refused" : "wrong";
  const states = statesOf(number);
  const at = states.findIndex((state) => isSame(state, found));
  if (at === 0) return "right";
  if (found === undefined) return "missing";
  if (at === -1) return "wrong";
  return states[0] === undefined ? "back" : "older";
}

async function wrongInList(store: LevelStore): Promise<number> {
  const known = new Map<string, (SessionRecord | undefined)[]>();
  for (let number = 0; number < SESSIONS; number += 1) known.set(handle(number), statesOf(number));
  let wrong = 0;
  try {
    for await (const [key, record] of store.list()) {
      if (!known.get(key)?.some((state) => isSame(state, record))) wrong += 1;
    }
  } catch (error) {
    if (!CODES.has(codeOf(error))) wrong += 1;
  }
  return wrong;
}

const CODES: ReadonlySet<string> = new Set(["RECORD_CORRUPT", "STORE_CORRUPT"]);

function codeOf(error: unknown): string {
  return error instanceof SessionError ? error.code : String(error);
}

function isSame(one: SessionRecord | undefined, other: SessionRecord | undefined): boolean {
  return textOf(one) === textOf(other);
}

function textOf(record: SessionRecord | undefined): string | undefined {
  return (
    record &&
    JSON.stringify([record.revision, record.createdAt, record.expiresAt, record.owner, record.data])
  );
}
