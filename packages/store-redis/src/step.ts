import { listFrom, notUnderstood, wordFrom } from "./replies.ts";

/** What is to be done to a record, or to an owner's index; scripts.ts tells what each step does. */
export interface Step {
  /** The function of scripts.ts. */
  readonly name: "save" | "saveOwned" | "touch" | "delete" | "name" | "rename";
  /** The record's, the index's, or both. */
  readonly keys: readonly string[];
  /** In the order in which the step takes them. */
  readonly args: readonly string[];
}

/** In place of a revision: whichever is live. */
export const ANY_REVISION = "*";
/** In place of a revision: that of a session that is not there, over which a first save is written. */
export const NO_REVISION = "0";

// What a step answers, unless it says more: numbers, which clients decode ten times as fast as words.
/** The step was carried out. */
export const DONE = "1";
/** Another revision is live, or none. */
export const REFUSED = "0";
/** There is something else than a record. */
export const DAMAGED = "-1";

/**
 * What came of a step. It was not done if another revision is live or none, or the time is over already
 * (refused), if there is something else than a record (damaged), or if the index of `owner` must name the
 * session first (unnamed). It was done, and the index of `owner` still names the session (left).
 */
export type Outcome =
  | { readonly kind: "done" | "refused" | "damaged" }
  | { readonly kind: "unnamed"; readonly owner: string }
  | { readonly kind: "left"; readonly owner: string; readonly namedUntil: string };

/** What came of a SET with NX, in place of a first save. */
export function setOutcome(reply: unknown): Outcome {
  if (reply === null) return { kind: "refused" };
  if (wordFrom(reply) === "OK") return { kind: "done" };
  throw notUnderstood("OK or null");
}

/** What came of a step, as its script answers; the error if it failed in a script for many steps. */
export function stepOutcome(answer: unknown): Outcome | Error {
  if (Array.isArray(answer)) return longOutcome(listFrom(answer).map(wordFrom));
  const word = wordFrom(answer);
  if (word === DONE) return { kind: "done" };
  if (word === REFUSED) return { kind: "refused" };
  if (word === DAMAGED) return { kind: "damaged" };
  throw notUnderstood("the answer to a step");
}

function longOutcome([kind, text, namedUntil, ...others]: readonly string[]): Outcome | Error {
  if (text !== undefined && others.length === 0) {
    if (kind === "unnamed" && namedUntil === undefined) return { kind, owner: text };
    if (kind === "left" && namedUntil !== undefined) return { kind, owner: text, namedUntil };
    if (kind === "failed" && namedUntil === undefined) return new Error(text);
  }
  throw notUnderstood("the answer to a step");
}

/** Steps as the script for many of them takes them. */
export function argumentsOf(steps: readonly Step[]): string[] {
  const names = steps.map(({ name, keys, args }) => `${name}${keys.length}${args.length}`);
  return [names.join(" "), ...steps.flatMap(({ args }) => args)];
}
