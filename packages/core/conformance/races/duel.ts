import type { Capability, StoreWith } from "../harness/capability.ts";

/**
 * Two sides that make calls for the same session as fast as they can, each in a loop of its own. In two
 * processes this meets what calls that are sent across one by one do not: engines whose calls are
 * synchronous, where nothing of one process comes between a check and its write.
 */
export interface Duel<C extends Capability = never> {
  readonly first: Fighter<C>;
  readonly second: Fighter<C>;
}

/** Fights until `terms` say that it is enough. Reports what it did, and the first problem that it met. */
type Fighter<C extends Capability> = (store: StoreWith<C>, rounds: Rounds) => Promise<DuelReport>;

export type DuelName =
  | "counters"
  | "holders"
  | "counter and toucher"
  | "counter and deleter"
  | "counter and exact deleter";

export type Side = "first" | "second";

/** What both sides know. */
export interface DuelTerms {
  readonly handle: string;
  /** The store's time, in ms since the epoch. */
  readonly now: number;
  /** The least rounds of a side. */
  readonly rounds: number;
  /** How long a side goes on at least, in ms. */
  readonly duration: number;
}

export interface DuelReport {
  /** How often the side did what it was to do. */
  readonly done: number;
  /** The last revision of each session that the side saw end, or that it ended. */
  readonly ends?: readonly string[];
  readonly problem?: string | undefined;
}

const HOUR = 3_600_000;

/** More are never needed, even where a runner has stopped the clock that measures the duration. */
const MOST_ROUNDS = 100_000;

/** The rounds of one side of a duel. */
export class Rounds {
  readonly handle: string;
  readonly side: Side;
  readonly #terms: DuelTerms;
  readonly #start = performance.now();
  #count = 0;

  constructor(side: Side, terms: DuelTerms) {
    this.side = side;
    this.handle = terms.handle;
    this.#terms = terms;
  }

  /** Whether there is another round. */
  next(): boolean {
    const { rounds, duration } = this.#terms;
    const isEnough = this.#count >= rounds && performance.now() - this.#start >= duration;
    if (isEnough || this.#count >= MOST_ROUNDS) return false;
    this.#count += 1;
    return true;
  }

  /** A record of `revision` that lives for an hour. No other round of either side has its data. */
  record(revision: number) {
    const { now } = this.#terms;
    const data = `${this.side} ${this.#count}`;
    return { revision, createdAt: now, expiresAt: now + HOUR, data };
  }

  /** An expiry that no other round of this side asks for, in ms since the epoch. */
  expiry(): number {
    return this.#terms.now + HOUR + this.#count;
  }
}
