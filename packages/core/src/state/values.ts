import { SessionError } from "../errors.ts";
import type { Encoding } from "../format/encoding.ts";
import type { Fields } from "../format/fields.ts";
import type { ValueEdit } from "./edits.ts";

/** A value that was set and is not saved: kept by reference, since what it holds at save counts. */
interface Change {
  readonly value: unknown;
  /** Its encoding where the value cannot change any more; undefined for objects. */
  readonly text: string | undefined;
  readonly deleted: boolean;
}

/** A stored object that was handed out, and the text that it was decoded from. */
interface HandedOut {
  readonly value: object;
  readonly text: string;
}

type ValueEdits = Map<string, ValueEdit>;

/** A session's values: the unsaved changes over the stored fields. */
export class Values {
  readonly #encoding: Encoding;
  #fields: Fields;
  readonly #changes = new Map<string, Change>();
  readonly #handedOut = new Map<string, HandedOut>();
  #cleared: object | undefined;

  constructor(encoding: Encoding, fields: Fields) {
    this.#encoding = encoding;
    this.#fields = fields;
  }

  /** Set while a `clear()` is unsaved; a new one for each, compared by identity. */
  get cleared(): object | undefined {
    return this.#cleared;
  }

  get untouched(): boolean {
    const idle = this.#changes.size === 0 && this.#handedOut.size === 0;
    return idle && this.#cleared === undefined;
  }

  get(key: string): unknown {
    const change = this.#changes.get(key);
    if (change !== undefined) return change.value;
    const held = this.#handedOut.get(key);
    if (held !== undefined) return held.value;
    const text = this.#stored(key);
    if (text === undefined) return undefined;
    const value = this.#encoding.decode(text);
    if (isObject(value)) this.#handedOut.set(key, { value, text });
    return value;
  }

  has(key: string): boolean {
    const change = this.#changes.get(key);
    return change === undefined ? this.#stored(key) !== undefined : !change.deleted;
  }

  set(key: string, value: unknown): void {
    if (typeof key !== "string") {
      throw new SessionError("VALUE_NOT_SERIALIZABLE", "A key must be a string.");
    }
    const text = this.#encoding.encode(key, value);
    this.#changes.set(key, {
      value,
      text: isObject(value) ? undefined : text,
      deleted: false,
    });
  }

  delete(key: string): boolean {
    if (!this.has(key)) return false;
    this.#changes.set(key, {
      value: undefined,
      text: undefined,
      deleted: true,
    });
    return true;
  }

  clear(): void {
    this.#cleared = {};
    this.#changes.clear();
    this.#handedOut.clear();
  }

  keys(): string[] {
    const keys = new Set(this.#cleared === undefined ? this.#fields.keys() : []);
    for (const [key, { deleted }] of this.#changes) {
      if (deleted) keys.delete(key);
      else keys.add(key);
    }
    return [...keys];
  }

  /** What was set, deleted or changed in place, encoded as it is now. */
  edits(): ValueEdits {
    const edits: ValueEdits = new Map();
    for (const [key, held] of this.#handedOut) {
      if (this.#changes.has(key)) continue;
      const text = this.#changedText(key, held);
      if (text !== undefined) edits.set(key, { text, source: held });
    }
    for (const [key, change] of this.#changes) {
      const {
        value,
        deleted,
        text = deleted ? undefined : this.#encoding.encode(key, value),
      } = change;
      edits.set(key, { text, source: change });
    }
    return edits;
  }

  /** Drops what was saved; `fields` are the stored ones that came of it. */
  settle(saved: ReadonlyMap<string, ValueEdit>, cleared: object | undefined, fields: Fields): void {
    if (this.#cleared === cleared) this.#cleared = undefined;
    for (const [key, { text, source }] of saved) {
      if (this.#changes.get(key) === source) this.#changes.delete(key);
      else if (this.#handedOut.get(key) !== source) continue;
      const { value } = source;
      if (text !== undefined && isObject(value)) this.#handedOut.set(key, { value, text });
    }
    this.#rest(fields);
  }

  /** Puts the unsaved changes over fresher fields. */
  rebase(fields: Fields): void {
    for (const [key, held] of this.#handedOut) {
      if (this.#changes.has(key) || !this.#hasChanged(key, held)) continue;
      this.#changes.set(key, {
        value: held.value,
        text: undefined,
        deleted: false,
      });
      this.#handedOut.delete(key);
    }
    this.#rest(fields);
  }

  /** A value handed out from a text that is stored no more would pass for a change: dropped. */
  #rest(fields: Fields): void {
    this.#fields = fields;
    for (const [key, { text }] of this.#handedOut) {
      if (fields.value(key) !== text) this.#handedOut.delete(key);
    }
  }

  /** A value that cannot be encoded any more has been changed, too. */
  #hasChanged(key: string, held: HandedOut): boolean {
    try {
      return this.#changedText(key, held) !== undefined;
    } catch {
      return true;
    }
  }

  /** The value's new text; undefined where it is the one that was handed out. */
  #changedText(key: string, { value, text }: HandedOut): string | undefined {
    const now = this.#encoding.encode(key, value);
    if (now === text) return undefined;
    // A codec need not be canonical: what counts is the stored text, decoded and encoded again.
    return now === this.#encoding.encode(key, this.#encoding.decode(text)) ? undefined : now;
  }

  #stored(key: string): string | undefined {
    return this.#cleared === undefined ? this.#fields.value(key) : undefined;
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
