import { sessionDestroyed } from "../contract/errors.ts";
import type { Environment } from "../environment.ts";
import { keysIn, valueIn } from "../format/fields.ts";
import type { Snapshot } from "../format/snapshot.ts";
import type { Identity } from "../identity.ts";
import { isObject } from "../is-object.ts";
import type { Edits, Held, Message, ValueEdit } from "./edits.ts";

/** What one session object knows: its id, the stored state as last seen, and what is not saved. */
export class SessionState {
  readonly env: Environment;
  identity: Identity;
  snapshot: Snapshot;
  /** `updating` while `update()` runs its change; `destroyed` after `destroy()` on this object. */
  phase: "open" | "updating" | "destroyed" = "open";
  /** The new identity of a regenerate whose outcome is unknown. */
  successor: Identity | undefined;
  /**
   * Saves that may have happened although they did not resolve to true, by nonce: the store failed,
   * or its client sent them twice. Found in the store, such a save is not applied again.
   */
  doubts: Map<string, Edits> | undefined;
  /** Queued until they are saved or taken. */
  messages: Message[] = [];
  /** Stored messages that the next save removes. */
  taken: readonly Message[] = [];
  /** Set while a `clear()` is unsaved; a new one for each, compared by identity. */
  #cleared: object | undefined;
  /** The new owner, in a box, since undefined is one too; undefined where it did not change. */
  #owner: Edits["owner"];
  /** By key; of many sessions, nothing is held. */
  #held: Map<string, Held> | undefined;

  constructor(env: Environment, identity: Identity, snapshot: Snapshot) {
    this.env = env;
    this.identity = identity;
    this.snapshot = snapshot;
  }

  /** Itself, as long as it is not destroyed. */
  get open(): this {
    if (this.phase === "destroyed") throw sessionDestroyed();
    return this;
  }

  /** Not in the store yet, as far as this object knows. */
  get isNew(): boolean {
    return this.snapshot.record.revision === 0;
  }

  get owner(): string | undefined {
    return (this.#owner ?? { value: this.snapshot.record.owner }).value;
  }

  set owner(value: string | undefined) {
    this.#owner = { value };
  }

  get(key: string): unknown {
    const held = this.#held?.get(key);
    if (held) return held.value;
    const text = this.#stored(key);
    const value = this.env.encoding.decode(text);
    if (isObject(value)) this.#hold(key, { value, text, changed: false });
    return value;
  }

  has(key: string): boolean {
    return (this.#held?.get(key) ?? { text: this.#stored(key) }).text !== undefined;
  }

  set(key: string, value: unknown): void {
    let text = "";
    if (isObject(value)) this.env.encoding.check(key, value);
    else text = this.env.encoding.encode(key, value);
    this.#hold(key, { value, text, changed: true });
  }

  delete(key: string): boolean {
    const had = this.has(key);
    if (had) this.#hold(key, { value: undefined, text: undefined, changed: true });
    return had;
  }

  clear(): void {
    this.#cleared = {};
    this.#held = undefined;
  }

  keys(): string[] {
    const keys = new Set(this.#cleared ? [] : keysIn(this.snapshot.fields));
    for (const [key, { text }] of this.#held ?? []) {
      if (text === undefined) keys.delete(key);
      else keys.add(key);
    }
    return [...keys];
  }

  flash(kind: string, message: unknown): void {
    const text = this.env.encoding.encode(kind, message);
    this.messages.push({ kind, text });
  }

  /** All that is not saved, encoded as it is now. Throws VALUE_NOT_SERIALIZABLE. */
  edits(): Edits {
    const values: ValueEdit[] = [];
    for (const [key, held] of this.#held ?? []) {
      const text = this.#textNow(key, held);
      if (held.changed || text !== held.text) values.push({ key, text, held });
    }
    return {
      cleared: this.#cleared,
      values,
      messages: this.messages.slice(),
      taken: this.taken,
      owner: this.#owner,
    };
  }

  /** `saved` is stored: what `edits` carried is no longer unsaved. */
  accept(saved: Snapshot, { cleared, values, messages, taken, owner }: Edits): void {
    this.snapshot = saved;
    this.doubts = undefined;
    for (const { key, text, held } of values) {
      // An object stays in the caller's hands: from now on it may be changed in place.
      held.text = text;
      held.changed = false;
      if (!isObject(held.value) && this.#held?.get(key) === held) this.#held.delete(key);
    }
    const settled = new Set([...messages, ...taken]);
    const isUnsaved = (message: Message) => !settled.has(message);
    this.messages = this.messages.filter(isUnsaved);
    this.taken = this.taken.filter(isUnsaved);
    if (this.#cleared === cleared) this.#cleared = undefined;
    if (this.#owner === owner) this.#owner = undefined;
  }

  /** Puts what is not saved over fresher state. */
  rebase(newest: Snapshot): void {
    this.snapshot = newest;
    for (const [key, held] of this.#held ?? []) {
      try {
        held.changed ||= this.#textNow(key, held) !== held.text;
      } catch {
        // What cannot be encoded any more has been changed, too.
        held.changed = true;
      }
      // An object handed out from a text that is stored no more would pass for a change.
      if (!held.changed && this.#stored(key) !== held.text) this.#held?.delete(key);
    }
  }

  #hold(key: string, held: Held): void {
    this.#held ??= new Map();
    this.#held.set(key, held);
  }

  /** The encoding of the value as it is now; the one from before where nothing changed. */
  #textNow(key: string, { value, text, changed }: Held): string | undefined {
    if (text === undefined || !isObject(value)) return text;
    const now = this.env.encoding.encode(key, value);
    if (changed || now === text) return now;
    // A codec need not be canonical: what counts is the stored text, decoded and encoded again.
    return now === this.env.encoding.encode(key, this.env.encoding.decode(text)) ? text : now;
  }

  #stored(key: string): string | undefined {
    return this.#cleared ? undefined : valueIn(this.snapshot.fields, key);
  }
}
