import type { Store } from "@sess/core";
import { LevelStore } from "@sess/store-level";

/** Where the application keeps its sessions: the one line to change for another store. */
export const openStore = (): Promise<Store> => LevelStore.open("./sessions");
