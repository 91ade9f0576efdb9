import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { SessionRecord, Store } from "@sess/core";
import { isHandle, LifeCycle } from "@sess/core/adapter";
import { FileLock } from "./file-lock.ts";

/**
 * A right store over files that processes share, with synchronous calls: nothing of its own process
 * comes between a check and its write, so only another process shows whether it locks.
 */
export class FileStore implements Store {
  protected readonly folder: string;
  protected readonly lock: FileLock;
  readonly #life = new LifeCycle("FileStore");

  constructor(folder: string) {
    this.folder = folder;
    this.lock = new FileLock(folder);
  }

  async load(handle: string): Promise<SessionRecord | undefined> {
    this.#life.assertOpen();
    return this.live(handle);
  }

  async save(handle: string, record: SessionRecord): Promise<boolean> {
    this.#life.assertOpen();
    return this.locked(() => {
      if (record.expiresAt <= this.now()) return false;
      if ((this.live(handle)?.revision ?? 0) !== record.revision - 1) return false;
      this.write(handle, record);
      return true;
    });
  }

  async delete(handle: string, revision?: number): Promise<boolean> {
    this.#life.assertOpen();
    return this.locked(() => {
      const live = this.live(handle);
      if (live === undefined || live.revision !== (revision ?? live.revision)) return false;
      this.remove(handle);
      return true;
    });
  }

  async touch(handle: string, expiresAt: number, revision?: number): Promise<boolean> {
    this.#life.assertOpen();
    return this.locked(() => {
      const live = this.live(handle);
      if (live === undefined || live.revision !== (revision ?? live.revision)) return false;
      if (expiresAt <= this.now()) return false;
      this.write(handle, { ...live, expiresAt });
      return true;
    });
  }

  async *list(owner?: string): AsyncGenerator<readonly [handle: string, record: SessionRecord]> {
    this.#life.assertOpen();
    for (const handle of this.handles()) {
      this.#life.assertOpen();
      const live = this.live(handle);
      if (live && (owner === undefined || live.owner === owner)) yield [handle, live];
    }
  }

  async sweep(): Promise<number> {
    this.#life.assertOpen();
    return this.locked(() => {
      const expired = this.handles().filter((handle) => this.live(handle) === undefined);
      for (const handle of expired) this.remove(handle);
      return expired.length;
    });
  }

  close(): Promise<void> {
    return this.#life.close();
  }

  protected now(): number {
    return Date.now();
  }

  protected locked<T>(call: () => T): T {
    this.lock.acquire();
    try {
      return call();
    } finally {
      this.lock.release();
    }
  }

  protected live(handle: string): SessionRecord | undefined {
    const record = this.read(handle);
    return record && record.expiresAt > this.now() ? record : undefined;
  }

  protected handles(): string[] {
    return readdirSync(this.folder).filter(isHandle);
  }

  protected path(handle: string): string {
    return `${this.folder}/${handle}`;
  }

  protected read(handle: string): SessionRecord | undefined {
    try {
      return JSON.parse(readFileSync(this.path(handle), "utf8"));
    } catch {
      // Nothing here tells a failure from a file that is not there: it is no example to follow.
      return undefined;
    }
  }

  /** A file that takes another one's place does so all at once. */
  protected write(handle: string, record: SessionRecord): void {
    const path = this.path(handle);
    const draft = `${this.folder}/draft-${process.pid}`;
    writeFileSync(draft, JSON.stringify(record));
    renameSync(draft, path);
  }

  protected remove(handle: string): void {
    rmSync(this.path(handle), { force: true });
  }
}

/** Goes by the clock of a server: a file that the tests write. */
export class ServerClockStore extends FileStore {
  static readonly CLOCK = "clock";

  protected override now(): number {
    return Number(readFileSync(`${this.folder}/../${ServerClockStore.CLOCK}`, "utf8"));
  }
}
