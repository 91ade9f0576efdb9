import type { Store } from "@sess/core";
import { LevelStore } from "@sess/store-level";
import { MemoryStore } from "@sess/store-memory";
import { scratch } from "@sess/test-support";
import { effort } from "../effort.ts";
import { postgresInProcess, postgresOnServer } from "./postgres.ts";
import { redis } from "./redis.ts";

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

const memory: StoreKind = {
  name: "memory",
  keeps: false,
  sharesClock: true,
  sweeps: true,
  isShared: false,
  share: 1,
  missing: () => undefined,
  place: async () => ({ open: async () => new MemoryStore() }),
};

function level(name: string, sync: boolean): StoreKind {
  return {
    ...memory,
    name,
    keeps: true,
    share: 0.05,
    async place() {
      const directory = scratch();
      return { open: () => LevelStore.open(directory, { sync }) };
    },
  };
}

/** Those that need nothing but this process. */
export const LOCAL_STORES: readonly StoreKind[] = [
  memory,
  level("LevelDB", true),
  level("LevelDB without sync", false),
];

/** Every kind. Some hold a connection until the tests of the file are over. */
export function everyStore(): readonly StoreKind[] {
  return [...LOCAL_STORES, redis(), postgresInProcess(), postgresOnServer()];
}

/**
 * Every kind, but PostgreSQL only once, on a server where there is one: in this process it takes seconds
 * to start. The long run has both.
 */
export function everyEngine(): readonly StoreKind[] {
  if (effort(0, 1) === 1) return everyStore();
  const server = postgresOnServer();
  const postgres = server.missing() === undefined ? server : postgresInProcess();
  return [...LOCAL_STORES, redis(), postgres];
}

/** Stores in one place, as several processes have them; one for all where the kind is not shared. */
export async function openStores(
  { isShared }: StoreKind,
  place: Place,
  count: number,
): Promise<readonly WholeStore[]> {
  if (isShared) return Promise.all(Array.from({ length: count }, () => place.open()));
  return Array<WholeStore>(count).fill(await place.open());
}
