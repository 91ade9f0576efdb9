export type { LevelDatabase } from "./client.ts";
export { LevelStore } from "./level-store.ts";
export type { LevelOpenOptions, LevelStoreOptions } from "./options.ts";
