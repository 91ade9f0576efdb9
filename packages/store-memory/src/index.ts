export { MemoryStore } from "./memory-store.ts";
export type { MemoryStoreOptions } from "./options.ts";
