import { SessionError } from "@sess/core";
import { isObject } from "@sess/core/adapter";
import type { LevelDatabase } from "../client.ts";
import { databaseLocked } from "../faults.ts";
import type { EngineDatabase } from "./engine.ts";

/** A database that the caller opened, and so closes and opens again. */
export class LentDatabase implements EngineDatabase {
  readonly db: LevelDatabase;
  /** Its owner may write past the store: clear it, or put back a backup. */
  readonly isSoleWriter = false;
  readonly #root: object;
  readonly #usage: Usage;
  readonly #prefix: string;
  #hasFailed = false;

  /**
   * @throws STORE_LOCKED if another store uses the same keys of the database; STORE_UNAVAILABLE if a write
   * to it has failed since it was opened.
   */
  constructor(db: LevelDatabase) {
    this.db = db;
    this.#root = rootOf(db);
    this.#usage = usageOf(this.#root);
    this.#prefix = db.prefixKey("", "utf8");
    this.assertWritable();
    if (this.#usage.prefixes.has(this.#prefix)) {
      throw databaseLocked();
    }
    this.#usage.prefixes.add(this.#prefix);
  }

  /** A store over another sublevel may have met the failed write. */
  assertWritable(): void {
    if (this.#usage.hasFailedWrite) throw writingEnded();
  }

  writeFailed(): void {
    this.#hasFailed = true;
    this.#usage.hasFailedWrite = true;
    this.#usage.prefixes.delete(this.#prefix);
    if (!emitsClosed(this.#root)) return;
    this.#root.once("closed", () => {
      this.#usage.hasFailedWrite = false;
    });
  }

  /** Its files are the caller's business. */
  lost(): undefined {}

  assertCanReopen(): Promise<void> {
    return Promise.reject(writingEnded());
  }

  reopen(): Promise<void> {
    return Promise.reject(writingEnded());
  }

  async release(): Promise<void> {
    if (!this.#hasFailed) this.#usage.prefixes.delete(this.#prefix);
  }
}

/** What is known of one database and its sublevels. */
interface Usage {
  /** The prefixes under which stores write: two writers over the same keys would lose updates. */
  readonly prefixes: Set<string>;
  /** Until it is opened again, the database acknowledges writes that it will lose. */
  hasFailedWrite: boolean;
}

// In the realm rather than in this module, because a process can hold both the ESM and the CommonJS copy
// of it. Weak and keyed by the database, so that nothing is written on what belongs to the caller.
const USAGES = Symbol.for("@sess/store-level/usages");
const realm: object & { [USAGES]?: WeakMap<object, Usage> } = globalThis;

function usageOf(root: object): Usage {
  realm[USAGES] ??= new WeakMap();
  const usage = realm[USAGES].get(root) ?? { prefixes: new Set(), hasFailedWrite: false };
  realm[USAGES].set(root, usage);
  return usage;
}

/** The database that all sublevels are parts of. In abstract-level 1 a sublevel calls it `db`. */
function rootOf(db: object): object {
  const parent = "parent" in db ? db.parent : "db" in db ? db.db : undefined;
  return isObject(parent) ? rootOf(parent) : db;
}

interface ClosedEmitter {
  once(event: "closed", listener: () => void): unknown;
}

function emitsClosed(root: object): root is ClosedEmitter {
  return "once" in root && typeof root.once === "function";
}

function writingEnded(): SessionError {
  return new SessionError(
    "STORE_UNAVAILABLE",
    "Nothing was written to LevelDB: a write to this database has failed, and it would acknowledge writes that it loses. Close it, open it again and make a new LevelStore; reads go on until then.",
  );
}
