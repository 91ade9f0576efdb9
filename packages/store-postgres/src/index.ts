export type { PostgresClient } from "./client.ts";
export type { PostgresStoreOptions } from "./options.ts";
export { PostgresStore } from "./postgres-store.ts";
