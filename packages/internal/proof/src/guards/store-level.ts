import { type Guard, guardsOf } from "./guard.ts";

const STORE = "packages/store-level/test";
const SUITE = `${STORE}/conformance`;

export const levelGuards: readonly Guard[] = [
  ...guardsOf(
    "packages/store-level/src/draft.ts",
    [SUITE],
    [
      [
        "A stale save overwrites a newer one.",
        "if (record.revision !== (live?.revision ?? 0) + 1) return false;",
        "",
      ],
      [
        "A touch revives, or prolongs what leads to a new id.",
        "if (!this.#isLive(live) || (revision ?? live.revision) !== live.revision) return false;",
        "if (live === undefined) return false;",
      ],
      [
        "A delete with a revision removes a newer one.",
        "if (found === undefined || (revision ?? found.revision) !== found.revision) return false;",
        "if (found === undefined) return false;",
      ],
      [
        "An expired session lives.",
        "record !== undefined && record.expiresAt > this.#now",
        "record !== undefined",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-level/src/draft.ts",
    [`${STORE}/writer`, `${STORE}/keyspace`, `${STORE}/sweep`, `${STORE}/heads`],
    [
      [
        "A logout comes undone in a power loss.",
        "this.#remove(handle, found);\n    this.sync = true;",
        "this.#remove(handle, found);",
      ],
      [
        "A save is acknowledged before it is on disk.",
        "if (this.#syncSaves || (live && record.expiresAt < live.expiresAt)) this.sync = true;",
        "if (live && record.expiresAt < live.expiresAt) this.sync = true;",
      ],
      [
        "With sync: false a marker is lost, and the old id is good again.",
        "if (this.#syncSaves || (live && record.expiresAt < live.expiresAt)) this.sync = true;",
        "if (this.#syncSaves) this.sync = true;",
      ],
      [
        "The next batch is checked against what was there before the last one.",
        "for (const [handle, record] of this.#newest) this.#landed.changed(handle, record);",
        "",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-level/src/record-text.ts",
    [`${STORE}/corruption`],
    [
      [
        "A flipped bit becomes a wrong value.",
        "if (sum !== crc32(text.slice(SUM_WIDTH), crc32(handle))) throw damaged(handle);",
        "",
      ],
      [
        "A damaged table hands out a neighbour's session.",
        "if (sum !== crc32(text.slice(SUM_WIDTH), crc32(handle))) throw damaged(handle);",
        "if (sum !== crc32(text.slice(SUM_WIDTH), crc32(handle.slice(0, 0)))) throw damaged(handle);",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-level/src/engine.ts",
    [`${STORE}/failed-write`, `${STORE}/reopen`],
    [
      [
        "After a failed write others are acknowledged that are lost at the next open.",
        `this.#state = "failed";`,
        "",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-level/src/engine.ts",
    [`${STORE}/heads`],
    [["What was known before a reopening is taken for true.", "this.reopened += 1;", ""]],
  ),
  ...guardsOf(
    "packages/store-level/src/heads.ts",
    [`${STORE}/heads`],
    [
      [
        "A lent database that its owner wrote to is judged by what it was.",
        "this.#isOn = isSoleWriter && engine.readsSync;",
        "this.#isOn = engine.readsSync;",
      ],
      [
        "One session is judged by another's revision.",
        "return slot?.handle === handle ? slot : undefined;",
        "return slot;",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-level/src/writer.ts",
    [`${STORE}/writer`, SUITE],
    [
      [
        "Two batches are under way side by side.",
        "      if (this.#busy) return;\n      this.#busy = true;",
        "",
      ],
      [
        "A save is acknowledged before it has landed.",
        "await this.#engine.write(draft);\n        draft.landed();",
        "void this.#engine.write(draft);\n        draft.landed();",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-level/src/own-database.ts",
    [`${STORE}/locked`, `${STORE}/reopen`, `${STORE}/damaged-directory`, `${STORE}/opening`],
    [
      [
        "A second store in the process frees the lock of the first.",
        "const lock = await lockDirectory(directory, lockKind);",
        "const lock = { release: async () => {} };",
      ],
      [
        "A database that vanished is replaced by an empty one.",
        "await this.open({ createIfMissing: false });",
        "await this.open({ createIfMissing: true });",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-level/src/own-database.ts",
    ["packages/internal/proof/test/failing-fsync"],
    [
      [
        "A database is closed on a disk that keeps nothing, and cannot be opened again.",
        "await assertKeeps(this.location);",
        "",
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-level/src/draft.ts",
    [`${STORE}/unsynced`],
    [
      [
        "Without sync, a session whose expiry entry a power loss took is never swept.",
        'not the minute.\n      this.#put(due, "")',
        'not the minute.\n      if (before !== due) this.#put(due, "")',
      ],
    ],
  ),
  ...guardsOf(
    "packages/store-level/src/directory.ts",
    [`${STORE}/damaged-directory`, `${STORE}/opening`, `${STORE}/failed-write`],
    [
      [
        "A directory that has lost its CURRENT is emptied.",
        "if (!hasCurrent && data.length > 0) throw headlessError(path);",
        "",
      ],
      [
        "A creation that a power loss cut short never opens again.",
        "if (!hasCurrent || !(await isUnfinished(path, data))) return hasCurrent;",
        "if (hasCurrent || !hasCurrent) return hasCurrent;",
      ],
      ["Anybody on the machine can read the sessions.", "0o700", "0o755"],
    ],
  ),
  ...guardsOf(
    "packages/store-level/src/lent-database.ts",
    [`${STORE}/locked`, `${STORE}/failed-lent-write`, `${STORE}/opening`],
    [
      [
        "Two stores write to one database.",
        "if (this.#usage.prefixes.has(this.#prefix)) {",
        "if (false) {",
      ],
      [
        "A store over another sublevel goes on after a failed write.",
        "if (this.#usage.failed) throw endedError();",
        "",
      ],
    ],
  ),
];
