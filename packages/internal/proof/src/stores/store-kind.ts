import type { Store } from "@sess/core";

/** A store that can do all that these tests ask for. */
export type WholeStore = Store & Required<Pick<Store, "touch" | "list" | "close">>;

/** Where the sessions of one run are kept. */
export interface Place {
  /** Opens a store here: beside those that are open where the kind is shared, else after their end. */
  open(): Promise<WholeStore>;
}

/** A kind of store, for the tests that hold for every store. */
export interface StoreKind {
  readonly name: string;
  /** Whether a store that is opened again in the same place finds what was there. */
  readonly keeps: boolean;
  /** Whether it goes by the clock of this process, which a test can advance. */
  readonly sharesClock: boolean;
  /** Whether what has expired waits for a sweep; otherwise the engine removes it. */
  readonly sweeps: boolean;
  /** Whether many processes can use one place at once, each with a store of its own. */
  readonly isShared: boolean;
  /** How much of what the memory store is put through is worth its time here, from 0 to 1. */
  readonly share: number;
  /** Why it cannot be tried here; undefined where it can. */
  missing(): string | undefined;
  /** A new place, empty. */
  place(): Promise<Place>;
}
