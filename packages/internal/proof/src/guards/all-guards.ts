import { coreGuards } from "./core.ts";
import { formatGuards } from "./core-format.ts";
import { operationGuards } from "./core-operations.ts";
import { stateGuards } from "./core-state.ts";
import type { Guard } from "./guard.ts";
import { levelGuards } from "./store-level.ts";
import { memoryGuards } from "./store-memory.ts";
import { postgresGuards } from "./store-postgres.ts";
import { redisGuards } from "./store-redis.ts";

export const allGuards: readonly Guard[] = [
  ...coreGuards,
  ...formatGuards,
  ...stateGuards,
  ...operationGuards,
  ...memoryGuards,
  ...levelGuards,
  ...redisGuards,
  ...postgresGuards,
];
