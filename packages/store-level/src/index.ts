export type { LevelDatabase } from "./database.ts";
export { LevelStore } from "./level-store.ts";
export type { LevelOpenOptions, LevelStoreOptions } from "./options.ts";
