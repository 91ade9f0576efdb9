import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SessionError, type SessionRecord, type Store } from "@sess/core";
import { damagedRecord, engineCode, FaultTable } from "@sess/core/adapter";

const LOCK_LIMIT_MS = 2_000;

const faults = new FaultTable({ engine: "the folder", faults: [], isRefusal: () => true });

/** Keeps each session in a file of a folder that several processes may share. */
export class FolderStore implements Store {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async load(handle: string): Promise<SessionRecord | undefined> {
    return this.#live(handle);
  }

  async save(handle: string, record: SessionRecord): Promise<boolean> {
    return this.#locked(() => {
      const revision = this.#live(handle)?.revision ?? 0;
      if (record.revision !== revision + 1 || record.expiresAt <= Date.now()) return false;
      // The file is there as a whole or not at all.
      const draft = join(this.folder, "draft");
      writeFileSync(draft, JSON.stringify(record), { flush: true });
      renameSync(draft, this.#path(handle));
      return true;
    });
  }

  async delete(handle: string, revision?: number): Promise<boolean> {
    return this.#locked(() => {
      const isTheirs = revision === undefined || this.#live(handle)?.revision === revision;
      if (!isTheirs) return false;
      const isLive = this.#isLiveOrDamaged(handle);
      rmSync(this.#path(handle), { force: true });
      return isLive;
    });
  }

  /** Runs a check and its write while no other process runs one. */
  #locked<T>(task: () => T): T {
    const lock = join(this.folder, "lock");
    const end = performance.now() + LOCK_LIMIT_MS;
    while (!tryLock(lock)) {
      if (performance.now() > end) {
        throw new SessionError("STORE_UNAVAILABLE", `Nothing was written: ${lock} is held.`);
      }
    }
    try {
      return task();
    } catch (error) {
      throw faults.writeError(error);
    } finally {
      rmdirSync(lock);
    }
  }

  #live(handle: string): SessionRecord | undefined {
    const text = this.#read(handle);
    const record = text === undefined ? undefined : parse(handle, text);
    return record && record.expiresAt > Date.now() ? record : undefined;
  }

  #isLiveOrDamaged(handle: string): boolean {
    try {
      return this.#live(handle) !== undefined;
    } catch {
      return true;
    }
  }

  #read(handle: string): string | undefined {
    try {
      return readFileSync(this.#path(handle), "utf8");
    } catch (error) {
      if (engineCode(error) === "ENOENT") return undefined;
      throw faults.readError(error);
    }
  }

  /** In hexadecimal: some file systems fold the case of names. */
  #path(handle: string): string {
    return join(this.folder, Buffer.from(handle).toString("hex"));
  }
}

function tryLock(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (engineCode(error) === "EEXIST") return false;
    throw faults.writeError(error);
  }
}

function parse(handle: string, text: string): SessionRecord {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damagedRecord(handle, "it is not JSON", error);
  }
}
