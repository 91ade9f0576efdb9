import {
  aBoolean,
  checkOption,
  checkOptions,
  oneOf,
  type Rules,
  wholeNumber,
} from "../../src/adapter/options.ts";
import type { Store } from "../../src/contract/store.ts";
import { EFFECTS, type FaultEffect } from "./effect.ts";

/** The name of a store method. */
export type StoreMethod = Exclude<keyof Store, "maxBytes">;

/** What `FaultyStore.inject()` takes: an effect, and which calls it hits. */
export interface Fault {
  readonly effect: FaultEffect;
  /**
   * Counts and hits only calls of this method.
   *
   * @default all methods
   */
  readonly method?: StoreMethod;
  /**
   * Which of the counted calls is hit, starting from 1 when the fault is injected.
   *
   * @default 1
   */
  readonly call?: number;
  /**
   * Also hits every counted call after that one, until the fault is healed.
   *
   * @default false
   */
  readonly persistent?: boolean;
  /**
   * After how many entries a listing is hit.
   *
   * @default before the first entry or after the last, as the effect says
   */
  readonly entries?: number;
  /**
   * How long a delay takes, in milliseconds.
   *
   * @default 10
   */
  readonly delay?: number;
  /**
   * What a rejecting call rejects with.
   *
   * @default an Error that names the effect and the method
   */
  readonly error?: unknown;
}

/** A fault that has been injected. */
export interface InjectedFault {
  /** How many calls it has hit so far. Still 0 at the end of a test means that it hit nothing. */
  readonly hits: number;
  /** Resolves when it hits for the first time. */
  readonly firstHit: Promise<void>;
  /**
   * Stops the fault from hitting further calls, and lets the calls that it holds back go on. Resolves
   * when the store has answered those; never rejects.
   */
  heal(): Promise<void>;
}

const METHODS: readonly StoreMethod[] = [
  "load",
  "save",
  "delete",
  "touch",
  "list",
  "sweep",
  "close",
];

const rules: Rules<Fault> = {
  effect: oneOf(...Object.keys(EFFECTS)),
  method: oneOf(...METHODS),
  call: wholeNumber(1),
  persistent: aBoolean,
  entries: wholeNumber(0),
  delay: wholeNumber(0, undefined, "ms"),
  error: { expected: "anything", accepts: () => true },
};

/** @throws INVALID_OPTION if the fault would hit nothing, or something other than what was meant */
export function checkFault(fault: Fault): void {
  checkOptions("inject", fault, rules);
  checkOption("inject", "effect", fault.effect, rules.effect);
}
