import { type Codec, SessionError } from "@sess/core";
import type { Change } from "./changes.ts";
import type { Stored } from "./stored.ts";

/** An object that was handed out, and the text of the value that it was made of. */
interface Outdated {
  readonly key: string;
  readonly value: unknown;
  readonly text: string;
}

/** The objects that one session object has handed out, which callers may change in place. */
export class HandedOut {
  readonly #codec: Codec;
  /** By key: those that a save looks at. */
  #current: Map<string, unknown> = new Map();
  /** Those whose values are others by now. */
  #outdated: readonly Outdated[] = [];

  constructor(codec: Codec) {
    this.#codec = codec;
  }

  has(key: string): boolean {
    return this.#current.has(key);
  }

  get(key: string): unknown {
    return this.#current.get(key);
  }

  set(key: string, value: unknown): void {
    this.#current.set(key, value);
  }

  /** The key was set or deleted: what was handed out for it no longer matters. */
  forget(key: string): void {
    this.#current.delete(key);
    this.#outdated = this.#outdated.filter((each) => each.key !== key);
  }

  clear(): void {
    this.#current.clear();
    this.#outdated = [];
  }

  /** A change for each value that was changed in place. */
  changesInPlace(shown: Stored): Change[] {
    return [...this.#current].flatMap(([key, value]): Change[] => {
      if (this.#isSame(value, shown.values.get(key) ?? "")) return [];
      return [{ do: "set", key, text: this.#codec.stringify(value) }];
    });
  }

  /** Lets those go whose values are others now. */
  letGo(before: Stored, after: Stored): void {
    for (const [key, value] of this.#current) {
      const text = before.values.get(key);
      if (after.values.get(key) === text) continue;
      this.#current.delete(key);
      this.#outdated = [...this.#outdated, { key, value, text: text ?? "" }];
    }
  }

  /** Throws once for each that was changed after it had been let go. */
  mustNotBeOutdated(): void {
    const changed = this.#outdated.find(({ value, text }) => !this.#isSame(value, text));
    if (changed === undefined) return;
    this.#outdated = this.#outdated.filter((each) => each !== changed);
    throw new SessionError("SESSION_CONFLICT", "The oracle says so: changed too late.");
  }

  /** The same objects, as others that are equal. */
  copy(): HandedOut {
    const copy = new HandedOut(this.#codec);
    copy.#current = structuredClone(this.#current);
    copy.#outdated = structuredClone(this.#outdated);
    return copy;
  }

  describe(): readonly unknown[] {
    return [this.#current, this.#outdated];
  }

  /** A codec may encode what it decoded differently from how it found it. */
  #isSame(value: unknown, before: string): boolean {
    const text = this.#codec.stringify(value);
    return text === before || text === this.#codec.stringify(this.#codec.parse(before));
  }
}
