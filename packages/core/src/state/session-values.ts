import { isObject } from "../adapter/objects.ts";
import type { Environment } from "../environment/environment.ts";
import type { ValueEdit } from "../format/edits.ts";
import type { Fields } from "../format/fields-format.ts";
import { StaleValues } from "./stale-values.ts";
import type { UnsavedEdits } from "./unsaved-edits.ts";

interface DeletedValue {
  readonly kind: "deleted";
  readonly change: number;
}

/** A value that cannot be changed in place, so it is encoded when it is set. */
interface PrimitiveValue {
  readonly kind: "primitive";
  readonly change: number;
  readonly value: unknown;
  readonly text: string;
}

/** An object that the caller has: what it contains when the session is saved is what is saved. */
interface ObjectValue {
  readonly kind: "object";
  /** 0 if it was handed out, not set. */
  readonly change: number;
  readonly value: object;
  /** Its encoding as it was last read or saved; undefined if it was set and never saved. */
  savedText: string | undefined;
  /** Whether it must be saved. What was handed out may have been changed in place all the same. */
  isChanged: boolean;
}

type Encodable = Pick<ObjectValue, "value" | "savedText" | "isChanged">;

type HeldValue = DeletedValue | PrimitiveValue | ObjectValue;

/** The values of one session object: as stored, under those that it has set, deleted or handed out. */
export class SessionValues {
  readonly #env: Environment;
  #stored: Fields;
  /** The number of the last clear() that is not saved; 0 if there is none. */
  #clearedBy = 0;
  /** By key. Made for the first: many sessions hold nothing. */
  #held: Map<string, HeldValue> | undefined;
  #stale: StaleValues | undefined;

  constructor(env: Environment, stored: Fields) {
    this.#env = env;
    this.#stored = stored;
  }

  get(key: string): unknown {
    const held = this.#held?.get(key);
    if (held !== undefined) return held.kind === "deleted" ? undefined : held.value;
    const text = this.#storedText(key);
    if (text === undefined) return undefined;
    const value = this.#env.encoding.decode(text);
    if (isObject(value)) {
      this.#hold(key, { kind: "object", change: 0, value, savedText: text, isChanged: false });
    }
    return value;
  }

  has(key: string): boolean {
    const held = this.#held?.get(key);
    return held === undefined ? this.#storedText(key) !== undefined : held.kind !== "deleted";
  }

  /** @throws VALUE_NOT_SERIALIZABLE */
  set(key: string, value: unknown, change: number): void {
    if (isObject(value)) {
      this.#env.encoding.check(key, value);
      this.#hold(key, { kind: "object", change, value, savedText: undefined, isChanged: true });
    } else {
      const text = this.#env.encoding.encode(key, value);
      if (text === undefined) this.delete(key, change);
      else this.#hold(key, { kind: "primitive", change, value, text });
    }
    this.#stale?.forget(key);
  }

  /** Whether there was a value. */
  delete(key: string, change: number): boolean {
    const had = this.has(key);
    if (had) this.#hold(key, { kind: "deleted", change });
    this.#stale?.forget(key);
    return had;
  }

  clear(change: number): void {
    this.#clearedBy = change;
    this.#held = undefined;
    this.#stale = undefined;
  }

  keys(): string[] {
    const keys = new Set(this.#clearedBy > 0 ? [] : this.#env.fields.keysIn(this.#stored));
    for (const [key, { kind }] of this.#held ?? []) {
      if (kind === "deleted") keys.delete(key);
      else keys.add(key);
    }
    return [...keys];
  }

  get isCleared(): boolean {
    return this.#clearedBy > 0;
  }

  /** Whether an object has been changed that newer stored values have replaced. */
  get hasStaleChange(): boolean {
    return this.#stale?.hasChanged ?? false;
  }

  /** @throws SESSION_CONFLICT if an object has been changed that newer stored values have replaced. */
  assertNoStaleChange(): void {
    this.#stale?.assertUnchanged();
  }

  /** @throws VALUE_NOT_SERIALIZABLE for an object that has been changed to something unserializable. */
  edits(): ValueEdit[] {
    const edits: ValueEdit[] = [];
    for (const [key, held] of this.#held ?? []) {
      if (held.kind === "deleted") edits.push({ key, text: undefined });
      else if (held.kind === "primitive") edits.push({ key, text: held.text });
      else {
        const text = this.#textNow(key, held);
        if (held.isChanged || text !== held.savedText) edits.push({ key, text });
      }
    }
    return edits;
  }

  /** `edits` are in the store, and `stored` is what it has now. */
  confirm(stored: Fields, { values, lastChange }: UnsavedEdits): void {
    if (this.#clearedBy <= lastChange) this.#clearedBy = 0;
    for (const { key, text } of values) {
      const held = this.#held?.get(key);
      // Set again since: that is still unsaved.
      if (held === undefined || held.change > lastChange) continue;
      if (held.kind === "object") {
        // It stays in the caller's hands and may be changed in place from now on.
        held.savedText = text;
        held.isChanged = false;
      } else {
        this.#held?.delete(key);
      }
    }
    this.#stored = stored;
  }

  /** Puts what is not saved over newer stored values. */
  rebase(newest: Fields): void {
    this.#stored = newest;
    for (const [key, held] of this.#held ?? []) {
      if (held.kind !== "object") continue;
      held.isChanged ||= this.#isChangedInPlace(key, held);
      if (!held.isChanged && this.#storedText(key) !== held.savedText) this.#letGo(key, held);
    }
  }

  /** An object whose stored value is another one now: it would pass for a change at the next save. */
  #letGo(key: string, { value: handedOut, savedText }: ObjectValue): void {
    this.#held?.delete(key);
    this.#stale ??= new StaleValues();
    this.#stale.watch(key, handedOut, (value) =>
      this.#isChangedInPlace(key, { value, savedText, isChanged: false }),
    );
  }

  #hold(key: string, held: HeldValue): void {
    this.#held ??= new Map();
    this.#held.set(key, held);
  }

  #storedText(key: string): string | undefined {
    return this.#clearedBy > 0 ? undefined : this.#env.fields.valueIn(this.#stored, key);
  }

  #isChangedInPlace(key: string, held: Encodable): boolean {
    try {
      return this.#textNow(key, held) !== held.savedText;
    } catch {
      // It could be encoded when it was read, so it has been changed since.
      return true;
    }
  }

  /** The object's encoding as it is now; the saved one if it has not been changed. */
  #textNow(key: string, { value, savedText, isChanged }: Encodable): string | undefined {
    const { encoding } = this.#env;
    const now = encoding.encode(key, value);
    if (isChanged || savedText === undefined || now === savedText) return now;
    // A codec may write one value in several ways: what counts is the saved text, read and written anew.
    return now === encoding.encode(key, encoding.decode(savedText)) ? savedText : now;
  }
}
