import type { Codec } from "@sess/core";

/** A value that was set, deleted or handed out. */
interface Held {
  readonly value: unknown;
  /** Its text when it was set or handed out; undefined where it was deleted. */
  readonly text: string | undefined;
  readonly isSet: boolean;
}

type Texts = ReadonlyMap<string, string>;

/** What one object did to the values of a session and has not saved. */
export class Overlay {
  readonly #codec: Codec;
  #held = new Map<string, Held>();
  #stored: Texts;
  #cleared = false;

  constructor(codec: Codec, stored: Texts) {
    this.#codec = codec;
    this.#stored = stored;
  }

  get isChanged(): boolean {
    return this.#cleared || this.#edits().size > 0;
  }

  /** Whether something is left once this is saved, of a session that was not stored yet. */
  get holdsSomething(): boolean {
    return [...this.#edits().values()].some((text) => text !== undefined);
  }

  get(key: string): unknown {
    const held = this.#held.get(key);
    if (held) return held.value;
    const text = this.#text(key);
    if (text === undefined) return undefined;
    const value = this.#codec.parse(text);
    if (isObject(value)) this.#held.set(key, { value, text, isSet: false });
    return value;
  }

  set(key: string, value: unknown): void {
    this.#held.set(key, { value, text: this.#codec.stringify(value), isSet: true });
  }

  has(key: string): boolean {
    return this.keys().includes(key);
  }

  delete(key: string): boolean {
    const had = this.has(key);
    if (had) this.#held.set(key, { value: undefined, text: undefined, isSet: true });
    return had;
  }

  clear(): void {
    this.#cleared = true;
    this.#held.clear();
  }

  keys(): string[] {
    const keys = new Set(this.#cleared ? [] : this.#stored.keys());
    for (const [key, { text }] of this.#held) {
      if (text === undefined) keys.delete(key);
      else keys.add(key);
    }
    return [...keys];
  }

  /** Under what is unsaved there is `stored` from now on. */
  rebase(stored: Texts): void {
    const edits = this.#edits();
    const kept = [...this.#held].filter(([key, { value, text }]) => {
      return edits.has(key) || (isObject(value) && stored.get(key) === text);
    });
    this.#held = new Map(
      kept.map(([key, held]) => [key, { ...held, isSet: held.isSet || edits.has(key) }]),
    );
    this.#stored = stored;
  }

  /** `stored` with what is unsaved over it. */
  over(stored: Texts): Texts {
    const merged = new Map(this.#cleared ? [] : stored);
    for (const [key, text] of this.#edits()) {
      if (text === undefined) merged.delete(key);
      else merged.set(key, text);
    }
    return merged;
  }

  /** All is saved. Objects stay in the caller's hands and may be changed in place. */
  settle(stored: Texts): void {
    const objects = [...this.#held].filter(([, { value }]) => isObject(value));
    this.#held = new Map(
      objects.map(([key, { value }]) => [key, { value, text: stored.get(key), isSet: false }]),
    );
    this.#stored = stored;
    this.#cleared = false;
  }

  copy(): Overlay {
    const copy = new Overlay(this.#codec, this.#stored);
    copy.#held = new Map(structuredClone([...this.#held]));
    copy.#cleared = this.#cleared;
    return copy;
  }

  /** What tells it from another. */
  describe(): unknown {
    return [...this.#held, ...this.#stored, this.#cleared];
  }

  #edits(): Map<string, string | undefined> {
    const edits = new Map<string, string | undefined>();
    for (const [key, { value, text, isSet }] of this.#held) {
      const now = text === undefined ? undefined : this.#codec.stringify(value);
      if (isSet || (now !== text && now !== this.#normal(text))) edits.set(key, now);
    }
    return edits;
  }

  /** As it is encoded again once it was decoded: a codec need not be canonical. */
  #normal(text: string | undefined): string | undefined {
    return text === undefined ? undefined : this.#codec.stringify(this.#codec.parse(text));
  }

  #text(key: string): string | undefined {
    return this.#cleared ? undefined : this.#stored.get(key);
  }
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
