import { SessionError } from "../contract/errors.ts";
import type { Store } from "../contract/store.ts";

/** The methods of a store. */
export type StoreMethod = keyof Store;

/**
 * What happens to a call that a fault hits.
 *
 * - `reject-before`: it rejects, and the store is not asked.
 * - `reject-after`: the store does what it was asked; then the call rejects. So fails a write whose
 *   acknowledgement is lost.
 * - `reject-early`: it rejects at once, and the store does what it was asked when the fault is healed.
 *   So fails a write whose client stopped waiting.
 * - `hang-before`, `hang-after`: it waits until the fault is healed, before or after the store is asked.
 * - `delay-before`, `delay-after`: it waits for `delay` ms.
 * - `duplicate-first`, `duplicate-second`: the store is asked twice, and the call answers with the
 *   first or the second answer. So does a client that sends again what it believes lost.
 *
 * A listing meets it before its first entry or after its last, unless `entries` says where. When it is
 * duplicated, each entry comes twice.
 */
export type FaultEffect =
  | "reject-before"
  | "reject-after"
  | "reject-early"
  | "hang-before"
  | "hang-after"
  | "delay-before"
  | "delay-after"
  | "duplicate-first"
  | "duplicate-second";

/** A fault, and the call that it hits. */
export interface Fault {
  readonly effect: FaultEffect;
  /** Only calls of this method are counted and hit. Default: all. */
  readonly method?: StoreMethod;
  /** Which of these calls it hits, from 1, counted from when the fault is injected. Default: 1. */
  readonly call?: number;
  /** Whether it hits each such call from then on, until it is healed. Default: that call alone. */
  readonly persistent?: boolean;
  /** After how many entries a listing meets it. Default: as the effect says. */
  readonly entries?: number;
  /** Ms that a delay takes. Default: 10. */
  readonly delay?: number;
  /** What the call rejects with. Default: an `Error` that says which call of what effect it was. */
  readonly error?: unknown;
}

/** A fault that was injected. */
export interface InjectedFault {
  /** How many calls it has hit. 0 when all is done: there were not so many calls. */
  readonly hits: number;
  /** Resolves when it hits for the first time. */
  readonly firstHit: Promise<void>;
  /**
   * From now on it hits nothing, and what it held back goes on. Resolves when the store has answered
   * that; never rejects.
   */
  heal(): Promise<void>;
}

const effects: readonly string[] = [
  "reject-before",
  "reject-after",
  "reject-early",
  "hang-before",
  "hang-after",
  "delay-before",
  "delay-after",
  "duplicate-first",
  "duplicate-second",
] satisfies FaultEffect[];

const methods: readonly string[] = [
  "load",
  "save",
  "delete",
  "touch",
  "list",
  "sweep",
  "close",
] satisfies StoreMethod[];

const options = ["effect", "method", "call", "persistent", "entries", "delay", "error"];

/** Throws `INVALID_OPTION` for a fault that would hit nothing, or not what was meant. */
export function checkFault(fault: Fault): void {
  const odd = Object.keys(fault).find((name) => !options.includes(name));
  if (odd !== undefined) refuse(`there is no option ${odd}; there are ${options.join(", ")}`);
  const { effect, method = "load", call = 1, entries = 0, delay = 0 } = fault;
  if (!effects.includes(effect)) refuse(`effect is one of ${effects.join(", ")}`);
  if (!methods.includes(method)) refuse(`method is one of ${methods.join(", ")}`);
  if (!(Number.isSafeInteger(call) && call > 0)) refuse("call is a whole number from 1");
  for (const [name, value] of Object.entries({ entries, delay })) {
    if (!(Number.isSafeInteger(value) && value >= 0)) refuse(`${name} is a whole number from 0`);
  }
}

function refuse(problem: string): never {
  throw new SessionError("INVALID_OPTION", `inject: ${problem}`);
}
