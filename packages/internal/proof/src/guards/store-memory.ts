import { type Guard, guardsOf } from "./guard.ts";

export const memoryGuards: readonly Guard[] = guardsOf(
  "packages/store-memory/src/memory-store.ts",
  ["packages/store-memory/test/conformance", "packages/store-memory/test/memory-store"],
  [
    [
      "A stale save overwrites a newer one.",
      "if (record.revision !== (isLive ? this.#table.revision(place) : 0) + 1) return NO;",
      "",
    ],
    [
      "A delete with a revision removes a newer one.",
      "if (place === undefined || !this.#has(place, revision)) return NO;\n    const",
      "if (place === undefined) return NO;\n    const",
    ],
    [
      "A touch prolongs what leads to a new id.",
      "if (place === undefined || !this.#has(place, revision)) return NO;\n    this",
      "if (place === undefined) return NO;\n    this",
    ],
    [
      "Expired sessions are handed out.",
      "return place !== undefined && this.#isLive(place) ? place : undefined;",
      "return place;",
    ],
    [
      "A sweep removes what lives.",
      "if (place < this.#table.size && this.#table.expiresAt(place) <= now) {",
      "if (place < this.#table.size) {",
    ],
    [
      "A list that was cut off by close() looks complete.",
      "look like the end of the list.\n    if (this.#closed) throw closed();",
      "look like the end of the list.",
    ],
    [
      "The memory store grows without end.",
      "if (bySave.size <= this.#maxSessions) return;",
      "if (bySave.size > 0) return;",
    ],
    [
      "A session that changed its owner is still listed under the old one.",
      "if (old !== undefined) this.#owners.remove(old, key);",
      "",
    ],
  ],
);
