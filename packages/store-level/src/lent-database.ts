import { SessionError } from "@sess/core";
import type { LevelDatabase } from "./database.ts";
import type { Holding } from "./engine.ts";

/** What is known of one database and its sublevels, whichever copy of this package asks. */
interface Usage {
  /** The prefixes under which a store writes: two writers over the same keys would lose updates. */
  readonly prefixes: Set<string>;
  /** A write failed: until it is reopened the database acknowledges writes that it will lose. */
  failed: boolean;
}

/** A database that the caller opened, and so closes and reopens. */
export class LentDatabase implements Holding {
  readonly db: LevelDatabase;
  /** Its owner may write past the store: clear it, put back a backup. */
  readonly isSole = false;
  readonly #root: object;
  readonly #usage: Usage;
  readonly #prefix: string;
  #failed = false;

  constructor(db: LevelDatabase) {
    this.db = db;
    this.#root = rootOf(db);
    this.#usage = usageOf(this.#root);
    this.#prefix = db.prefixKey("", "utf8");
    if (db.status !== "open") {
      throw new SessionError(
        "INVALID_OPTION",
        "LevelStore needs an open database. Await db.open() before, or use LevelStore.open(location).",
      );
    }
    this.assertWritable();
    if (this.#usage.prefixes.has(this.#prefix)) {
      throw new SessionError(
        "STORE_LOCKED",
        "Another LevelStore uses this database. Share that store, or give each a sublevel of its own.",
      );
    }
    this.#usage.prefixes.add(this.#prefix);
  }

  fail(): void {
    this.#failed = true;
    this.#usage.failed = true;
    this.#usage.prefixes.delete(this.#prefix);
    whenClosed(this.#root, () => {
      this.#usage.failed = false;
    });
  }

  /** A store over another sublevel may have seen the failed write. */
  assertWritable(): void {
    if (this.#usage.failed) throw endedError();
  }

  mayReopen(): Promise<void> {
    return Promise.reject(endedError());
  }

  reopen(): Promise<void> {
    return Promise.reject(endedError());
  }

  async release(): Promise<void> {
    if (!this.#failed) this.#usage.prefixes.delete(this.#prefix);
  }
}

// Not a map of this module: an application can hold its ESM and its CommonJS copy at once. Weak, and
// keyed by the database, so nothing is written on what belongs to the caller.
const USAGES = Symbol.for("@sess/store-level/usages");

function usageOf(root: object): Usage {
  const known: unknown = Reflect.get(globalThis, USAGES);
  const usages: WeakMap<object, Usage> = known instanceof WeakMap ? known : new WeakMap();
  if (usages !== known) Reflect.set(globalThis, USAGES, usages);
  const usage = usages.get(root) ?? { prefixes: new Set(), failed: false };
  usages.set(root, usage);
  return usage;
}

function rootOf(db: object): object {
  const parent = "parent" in db ? db.parent : undefined;
  return typeof parent === "object" && parent !== null ? rootOf(parent) : db;
}

function whenClosed(root: object, listener: () => void): void {
  if ("once" in root && typeof root.once === "function") root.once("closed", listener);
}

function endedError(): SessionError {
  return new SessionError(
    "STORE_UNAVAILABLE",
    "Nothing was written: a write to this database has failed, and it would acknowledge writes that are lost. Close it, open it again and make a new LevelStore; reads go on until then.",
  );
}
