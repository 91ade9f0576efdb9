import type { Store } from "@sess/core";
import { LevelStore } from "@sess/store-level";
import { MemoryStore } from "@sess/store-memory";
import { effort } from "./effort.ts";
import { postgresServerStore, postgresStore } from "./postgres-kind.ts";
import { redisStore } from "./redis-kind.ts";
import { scratch } from "./scratch.ts";

/** A store that can do all that these tests ask for. */
export type WholeStore = Store & Required<Pick<Store, "touch" | "list" | "close">>;

/** Where the sessions of one run are kept. */
export interface Place {
  /** Opens a store on it: another beside the one before where the kind is shared, else after its end. */
  open(): Promise<WholeStore>;
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
  /** Whether many processes use one place at once, each by a store of its own. */
  readonly isShared: boolean;
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
  return [...STORES, redisStore(), postgresStore(), postgresServerStore()];
}

/**
 * The same with PostgreSQL once, on a server where there is one: within this process it takes seconds
 * to start. The long run has both.
 */
export function everyEngine(): readonly StoreKind[] {
  if (effort(0, 1) === 1) return everyStore();
  const server = postgresServerStore();
  return [...STORES, redisStore(), server.missing() === undefined ? server : postgresStore()];
}

/** So many stores on one place, as processes have them; one for all where the kind is not shared. */
export async function openStores(
  { isShared }: StoreKind,
  place: Place,
  count: number,
): Promise<readonly WholeStore[]> {
  if (isShared) return Promise.all(Array.from({ length: count }, () => place.open()));
  return Array<WholeStore>(count).fill(await place.open());
}

function memoryStore(): StoreKind {
  return {
    name: "memory",
    keeps: false,
    sharesClock: true,
    sweeps: true,
    isShared: false,
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
    isShared: false,
    share: 0.05,
    missing: () => undefined,
    async place() {
      const directory = scratch();
      return { open: () => LevelStore.open(directory, options) };
    },
  };
}
