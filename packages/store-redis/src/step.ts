import { listFrom, notUnderstood, textFrom, wordFrom } from "./replies.ts";

/** What is to be done to a record, or to an owner's index; scripts.ts tells what each step does. */
export interface Step {
  readonly name: "save" | "saveOwned" | "touch" | "delete" | "name";
  readonly keys: readonly string[];
  /** In the order in which the step takes them. */
  readonly args: readonly string[];
  /** A command of Redis that does the same, and costs less. */
  readonly command?: string[] | undefined;
}

/** In place of a revision. */
export const ANY_REVISION = "*";

// What a step answers, unless it says more: numbers, which clients decode ten times as fast as words.
export const DONE = "1";
export const REFUSED = "0";
export const DAMAGED = "-1";

/**
 * What came of a step. It was not done if another revision is live or none (refused), if there is something
 * else than a record (damaged), or if the index of `owner` must name the session first (unnamed).
 */
export type Outcome =
  | { readonly kind: "done" | "refused" | "damaged" }
  | { readonly kind: "unnamed"; readonly owner: string };

/** What came of a command in a step's place. SET with NX answers OK or null, DEL how many it removed. */
export function commandOutcome(reply: unknown): Outcome | Error {
  const text = textFrom(reply) ?? REFUSED;
  return stepOutcome(text === "OK" ? DONE : text);
}

/** What came of a step, as its script answers; an error if it failed. */
export function stepOutcome(answer: unknown): Outcome | Error {
  if (Array.isArray(answer)) {
    const [kind, text] = listFrom(answer, 2).map(wordFrom);
    if (kind === "unnamed" && text !== undefined) return { kind, owner: text };
    if (kind === "failed") return new Error(text);
  } else {
    const number = textFrom(answer);
    if (number === DONE) return { kind: "done" };
    if (number === REFUSED) return { kind: "refused" };
    if (number === DAMAGED) return { kind: "damaged" };
  }
  return notUnderstood("the answer to a step");
}

/** Steps as the script for many of them takes them. */
export function argumentsOf(steps: readonly Step[]): string[] {
  const names = steps.map(({ name, keys, args }) => `${name}${keys.length}${args.length}`);
  return [names.join(" "), ...steps.flatMap(({ args }) => args)];
}
