import { SessionError, type SessionRecord, type Store } from "@sess/core";

/** Keeps sessions as text in a Map that stores may share, as connections share a database. */
export class TextStore implements Store {
  readonly #texts: Map<string, string>;
  #closed = false;

  constructor(texts: Map<string, string>) {
    this.#texts = texts;
  }

  async load(key: string): Promise<SessionRecord | undefined> {
    return this.#live(key);
  }

  async save(key: string, record: SessionRecord): Promise<boolean> {
    if (record.revision !== (this.#live(key)?.revision ?? 0) + 1) return false;
    this.#texts.set(key, JSON.stringify(record));
    return true;
  }

  async delete(key: string, revision?: number): Promise<boolean> {
    if (revision === undefined) return this.#remove(key);
    return this.#live(key)?.revision === revision && this.#texts.delete(key);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #live(key: string): SessionRecord | undefined {
    const text = this.#find(key);
    const record = text === undefined ? undefined : parse(text);
    return record && record.expiresAt > Date.now() ? record : undefined;
  }

  /** Damaged ones too: whether one was live can no longer be told. */
  #remove(key: string): boolean {
    const text = this.#find(key);
    this.#texts.delete(key);
    return text !== undefined && expiryOf(text) > Date.now();
  }

  #find(key: string): string | undefined {
    if (this.#closed) throw new SessionError("STORE_CLOSED", "The store was closed.");
    return this.#texts.get(key);
  }
}

function parse(text: string): SessionRecord {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SessionError("RECORD_CORRUPT", "The record is no JSON.", { cause });
  }
}

function expiryOf(text: string): number {
  try {
    return parse(text).expiresAt;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
