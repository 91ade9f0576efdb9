import { MemoryStore } from "express-session";
import type { Shelf } from "./express-sessions.ts";

/** The store that comes with express-session. */
export function memoryShelf(): Shelf {
  const store = new MemoryStore();
  return {
    store,
    put: (entries) => {
      for (const [id, text] of entries) store.sessions[id] = text;
    },
  };
}
