import type { SessionRecord, Store } from "@sess/core";
import { damagedRecord, LifeCycle } from "@sess/core/adapter";

/** Keeps records as JSON in a Map that several stores may share, as connections share a database. */
export class TextStore implements Store {
  readonly #texts: Map<string, string>;
  readonly #life = new LifeCycle("TextStore");

  constructor(texts: Map<string, string>) {
    this.#texts = texts;
  }

  async load(handle: string): Promise<SessionRecord | undefined> {
    this.#life.assertOpen();
    return this.#live(handle);
  }

  async save(handle: string, record: SessionRecord): Promise<boolean> {
    this.#life.assertOpen();
    const revision = this.#live(handle)?.revision ?? 0;
    if (record.revision !== revision + 1 || record.expiresAt <= Date.now()) return false;
    this.#texts.set(handle, JSON.stringify(record));
    return true;
  }

  async delete(handle: string, revision?: number): Promise<boolean> {
    this.#life.assertOpen();
    if (revision === undefined) return this.#deleteAny(handle);
    return this.#live(handle)?.revision === revision && this.#texts.delete(handle);
  }

  close(): Promise<void> {
    return this.#life.close();
  }

  #live(handle: string): SessionRecord | undefined {
    const text = this.#texts.get(handle);
    const record = text === undefined ? undefined : parse(handle, text);
    return record && record.expiresAt > Date.now() ? record : undefined;
  }

  /** Deletes damaged records too, and counts them as live: their expiry cannot be read. */
  #deleteAny(handle: string): boolean {
    const text = this.#texts.get(handle);
    this.#texts.delete(handle);
    if (text === undefined) return false;
    try {
      return parse(handle, text).expiresAt > Date.now();
    } catch {
      return true;
    }
  }
}

function parse(handle: string, text: string): SessionRecord {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damagedRecord(handle, "it is not JSON", error);
  }
}
