import type { Encoding } from "../format/encoding.ts";
import type { Fields } from "../format/fields.ts";
import type { ValueEdit } from "./edits.ts";

/** A value that was set, deleted or handed out. */
interface Held {
  /** By reference: what it holds when saved is what is saved. */
  readonly value: unknown;
  /**
   * Its encoding: the stored one where it was handed out; undefined where the key was deleted; still
   * to come, and empty, where an object was set.
   */
  readonly text: string | undefined;
  /** Whether it was set or deleted here. What was handed out may have been changed in place. */
  readonly changed: boolean;
}

/** For the many sessions of which nothing is held; never written to. */
const NOTHING: Map<string, Held> = new Map();

/** A session's values: what this object did to them over the stored fields. */
export class Values {
  fields: Fields;
  /** Set while a `clear()` is unsaved; a new one for each, compared by identity. */
  cleared: object | undefined;
  readonly #encoding: Encoding;
  #held = NOTHING;

  constructor(encoding: Encoding, fields: Fields) {
    this.#encoding = encoding;
    this.fields = fields;
  }

  get(key: string): unknown {
    const held = this.#held.get(key);
    if (held) return held.value;
    const text = this.#stored(key);
    const value = this.#encoding.decode(text);
    if (isObject(value)) this.#hold(key, { value, text, changed: false });
    return value;
  }

  has(key: string): boolean {
    return (this.#held.get(key) ?? { text: this.#stored(key) }).text !== undefined;
  }

  set(key: string, value: unknown): void {
    let text = "";
    if (isObject(value)) this.#encoding.check(key, value);
    else text = this.#encoding.encode(key, value);
    this.#hold(key, { value, text, changed: true });
  }

  delete(key: string): boolean {
    const had = this.has(key);
    if (had) this.#hold(key, { value: undefined, text: undefined, changed: true });
    return had;
  }

  clear(): void {
    this.cleared = {};
    this.#held = NOTHING;
  }

  keys(): string[] {
    const keys = new Set(this.cleared ? [] : this.fields.keys());
    for (const [key, { text }] of this.#held) {
      if (text === undefined) keys.delete(key);
      else keys.add(key);
    }
    return [...keys];
  }

  /** What was set, deleted or changed in place, encoded as it is now. */
  edits(): ValueEdit[] {
    const edits: ValueEdit[] = [];
    for (const [key, source] of this.#held) {
      const text = this.#textNow(key, source);
      if (source.changed || text !== source.text) edits.push({ key, text, source });
    }
    return edits;
  }

  /** Drops what was saved; `fields` are the stored ones that came of it. */
  accept(saved: readonly ValueEdit[], cleared: object | undefined, fields: Fields): void {
    if (this.cleared === cleared) this.cleared = undefined;
    this.fields = fields;
    for (const { key, text, source } of saved) {
      const { value } = source;
      if (this.#held.get(key) !== source) continue;
      // An object stays in the caller's hands: from now on it may be changed in place.
      if (isObject(value)) this.#held.set(key, { value, text, changed: false });
      else this.#held.delete(key);
    }
  }

  /** Puts what is not saved over fresher fields. */
  rebase(fields: Fields): void {
    this.fields = fields;
    for (const [key, held] of this.#held) {
      if (held.changed) continue;
      if (this.#isChanged(key, held)) this.#held.set(key, { ...held, changed: true });
      else this.#dropStale(key, held);
    }
  }

  #hold(key: string, held: Held): void {
    if (this.#held === NOTHING) this.#held = new Map();
    this.#held.set(key, held);
  }

  /** An object handed out from a text that is stored no more would pass for a change. */
  #dropStale(key: string, { text }: Held): void {
    if (this.fields.value(key) !== text) this.#held.delete(key);
  }

  /** What cannot be encoded any more has been changed, too. */
  #isChanged(key: string, held: Held): boolean {
    try {
      return this.#textNow(key, held) !== held.text;
    } catch {
      return true;
    }
  }

  /** The encoding of the value as it is now; the one from before where nothing changed. */
  #textNow(key: string, { value, text, changed }: Held): string | undefined {
    if (text === undefined || !isObject(value)) return text;
    const now = this.#encoding.encode(key, value);
    if (changed || now === text) return now;
    // A codec need not be canonical: what counts is the stored text, decoded and encoded again.
    return now === this.#encoding.encode(key, this.#encoding.decode(text)) ? text : now;
  }

  #stored(key: string): string | undefined {
    return this.cleared ? undefined : this.fields.value(key);
  }
}

function isObject(value: unknown): boolean {
  return typeof value === "object" ? value !== null : typeof value === "function";
}
