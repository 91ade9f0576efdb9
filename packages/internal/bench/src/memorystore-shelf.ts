import session from "express-session";
import createMemoryStore from "memorystore";
import { DAY } from "./exchange.ts";
import type { Shelf } from "./express-sessions.ts";

/** The package memorystore, as its manual sets it up. */
export function memorystoreShelf(): Shelf {
  const MemoryStore = createMemoryStore(session);
  const store = new MemoryStore({ checkPeriod: DAY });
  return {
    store,
    put: (entries, lifetime = DAY) => {
      for (const [id, text] of entries) store.store.set(id, text, lifetime);
    },
    sweep: () => store.prune(),
    close: async () => store.stopInterval(),
  };
}
