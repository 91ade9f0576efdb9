import { LevelStore } from "@sess/store-level";
import { MemoryStore } from "@sess/store-memory";
import { scratch } from "@sess/test-support";
import { effort } from "../effort.ts";
import { postgresInProcess, postgresOnServer } from "./postgres.ts";
import { redis } from "./redis.ts";
import type { Place, StoreKind, WholeStore } from "./store-kind.ts";

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
