import type { Store } from "@sess/core";
import { LevelStore } from "@sess/store-level";
import { MemoryStore } from "@sess/store-memory";
import { postgresStore } from "./postgres-kind.ts";
import { redisStore } from "./redis-kind.ts";
import { scratch } from "./scratch.ts";

/** Where the sessions of one run are kept. */
export interface Place {
  /** Opens a store on it, again after the one before was closed. */
  open(): Promise<Store>;
}

/** A kind of store, as the tests that hold for every store use it. */
export interface StoreKind {
  readonly name: string;
  /** Whether a store that is opened again on the same place finds what was there. */
  readonly keeps: boolean;
  /** Whether it lives by this process's clock, which a test can move. */
  readonly sharesClock: boolean;
  /** Whether expired records wait for a sweep; otherwise the engine removes them by itself. */
  readonly sweeps: boolean;
  /** How much of what the memory store is put through is worth its time here. */
  readonly share: number;
  /** Why it cannot be tried here; undefined where it can. */
  missing(): string | undefined;
  /** A new place, empty. */
  place(): Promise<Place>;
}

/** Those that need nothing but this process. */
export const STORES: readonly StoreKind[] = [
  memoryStore(),
  levelStore({ sync: true }),
  levelStore({ sync: false }),
];

/** All, with those that hold a connection until the tests of the file are over. */
export function everyStore(): readonly StoreKind[] {
  return [...STORES, redisStore(), postgresStore()];
}

function memoryStore(): StoreKind {
  return {
    name: "memory",
    keeps: false,
    sharesClock: true,
    sweeps: true,
    share: 1,
    missing: () => undefined,
    place: async () => ({ open: async () => new MemoryStore() }),
  };
}

function levelStore(options: { sync: boolean }): StoreKind {
  return {
    name: options.sync ? "LevelDB" : "LevelDB without sync",
    keeps: true,
    sharesClock: true,
    sweeps: true,
    share: 0.05,
    missing: () => undefined,
    async place() {
      const directory = scratch();
      return { open: () => LevelStore.open(directory, options) };
    },
  };
}
