import { type RegenerateOptions, SessionError } from "@sess/core";
import { gone, handleOf, type Message, type Oracle, type Stored } from "./oracle.ts";
import type { Subject } from "./subject.ts";

/** A change that is not saved yet. */
type Change =
  | { readonly do: "set"; readonly key: string; readonly text: string }
  | { readonly do: "delete"; readonly key: string }
  | { readonly do: "clear" }
  | { readonly do: "own"; readonly owner: string | undefined }
  | { readonly do: "flash"; readonly kind: string; readonly text: string }
  | { readonly do: "take"; readonly kind: string };

/** What one session object shows: its changes, in order, over the session as it last saw it. */
export class OracleSession implements Subject {
  readonly #oracle: Oracle;
  #id: string;
  #isNew: boolean;
  #phase: "open" | "updating" | "refused" | "destroyed" = "open";
  #seen: Stored;
  #changes: Change[] = [];
  /** Objects that callers have in hand and may change in place, by key. */
  #handedOut = new Map<string, unknown>();

  constructor(oracle: Oracle, id: string, seen: Stored, isNew: boolean) {
    this.#oracle = oracle;
    this.#id = id;
    this.#seen = seen;
    this.#isNew = isNew;
  }

  get id(): string {
    return this.#id;
  }

  get handle(): string {
    return handleOf(this.#id);
  }

  get isNew(): boolean {
    return this.#isNew;
  }

  get createdAt(): Date {
    return new Date(this.#seen.createdAt);
  }

  get expiresAt(): Date {
    return new Date(this.#seen.expiresAt);
  }

  get owner(): string | undefined {
    return this.#shown().owner;
  }

  set owner(owner: string | undefined) {
    this.#change({ do: "own", owner });
  }

  get(key: string): unknown {
    if (this.#handedOut.has(key)) return this.#handedOut.get(key);
    const text = this.#shown().values.get(key);
    if (text === undefined) return undefined;
    const value = this.#oracle.rules.codec.parse(text);
    if (typeof value === "object") this.#handedOut.set(key, value);
    return value;
  }

  set(key: string, value: unknown): void {
    this.#change({ do: "set", key, text: this.#oracle.rules.codec.stringify(value) });
    this.#handedOut.set(key, value);
  }

  has(key: string): boolean {
    return this.#shown().values.has(key);
  }

  delete(key: string): boolean {
    const had = this.has(key);
    if (had) this.#change({ do: "delete", key });
    else this.#mustLive();
    return had;
  }

  clear(): void {
    this.#change({ do: "clear" });
  }

  keys(): string[] {
    return [...this.#shown().values.keys()];
  }

  pop(key: string): unknown {
    const value = this.get(key);
    this.delete(key);
    return value;
  }

  flash(kind: string, message: unknown): void {
    this.#change({ do: "flash", kind, text: this.#oracle.rules.codec.stringify(message) });
  }

  takeFlash(kind: string): unknown[] {
    const isOfKind = (message: { readonly kind: string }) => message.kind === kind;
    const isUpdating = this.#phase === "updating";
    const removed = isUpdating ? [] : this.#takeNow(kind, isOfKind);
    const shown = this.#shown().messages.filter(isOfKind);
    this.#changes = this.#changes.filter((change) => change.do !== "flash" || !isOfKind(change));
    // Inside update() they are removed by its save.
    if (isUpdating && this.#seen.messages.some(isOfKind)) this.#change({ do: "take", kind });
    return [...removed, ...shown].map(({ text }) => this.#oracle.rules.codec.parse(text));
  }

  save(): void {
    this.#mustBeOutside();
    this.#mustLive();
    this.#notice();
    const { values, messages, owner } = this.#shown();
    if (this.#isNew && values.size + messages.length === 0 && owner === undefined) return;
    if (this.#changes.length > 0 || this.#phase === "refused") this.#write();
    else this.#extend();
  }

  reload(): void {
    this.#mustBeOutside();
    this.#mustLive();
    this.#refresh();
  }

  regenerate({ restart = false, ...given }: RegenerateOptions = {}): void {
    this.#mustBeOutside();
    this.#mustLive();
    const { now, drawn } = this.#oracle;
    const createdAt = restart ? now : this.#seen.createdAt;
    const lifetime = { ...this.#seen.lifetime, ...given };
    const expiresAt = this.#oracle.expiry(createdAt, lifetime);
    this.#refresh();
    const from = this.handle;
    this.#id = drawn;
    if (this.#isNew) this.#seen = { ...this.#seen, createdAt, lifetime, expiresAt };
    else {
      this.#put({ ...this.#shown(), createdAt, lifetime, revision: 0 }, 1);
      this.#changes = [];
      this.#oracle.forward(from, this.handle);
    }
  }

  destroy(): void {
    this.#mustBeOutside();
    if (this.#phase === "destroyed") return;
    if (!this.#isNew) this.#oracle.end(this.handle);
    this.#seen = { ...this.#seen, owner: undefined, values: new Map(), messages: [] };
    this.#changes = [];
    this.#handedOut.clear();
    this.#phase = "destroyed";
  }

  /** Runs `change` as `update()` does: saving is refused inside, and all of it is saved at once. */
  transact<T>(change: () => T): T {
    this.#phase = "updating";
    const answer = change();
    this.#notice();
    if (this.#changes.length > 0) this.#write();
    else this.#extend();
    this.#phase = "open";
    return answer;
  }

  /** The same object in the hands of a copy of the oracle. */
  copyTo(oracle: Oracle): OracleSession {
    const copy = new OracleSession(oracle, this.#id, this.#seen, this.#isNew);
    copy.#phase = this.#phase;
    copy.#changes = this.#changes;
    copy.#handedOut = structuredClone(this.#handedOut);
    return copy;
  }

  /** All that tells it from another. */
  describe(): readonly unknown[] {
    return [this.#id, this.#isNew, this.#phase, this.#seen, this.#changes, this.#handedOut];
  }

  #change(change: Change): void {
    this.#mustLive();
    this.#changes = [...this.#changes, change];
    if (change.do === "clear") this.#handedOut.clear();
    if ("key" in change) this.#handedOut.delete(change.key);
  }

  /** The session as it is with this object's changes. */
  #shown(): Stored {
    return this.#changes.reduce(changed, this.#seen);
  }

  /** Makes a change of each value that was changed in place. */
  #notice(): void {
    const { codec } = this.#oracle.rules;
    for (const [key, value] of this.#handedOut) {
      const text = codec.stringify(value);
      const shown = this.#shown().values.get(key) ?? "";
      // A codec may encode what it decoded differently from how it found it.
      if (text === shown || text === codec.stringify(codec.parse(shown))) continue;
      this.#changes = [...this.#changes, { do: "set", key, text }];
    }
  }

  /** Puts the newest stored state under the changes. */
  #refresh(ifGone = this.#phase): void {
    if (this.#isNew) return;
    this.#notice();
    const newest = this.#oracle.live(this.handle);
    if (newest === undefined) {
      this.#phase = ifGone;
      throw gone();
    }
    const before = this.#shown().values;
    this.#seen = newest;
    const after = this.#shown().values;
    for (const key of this.#handedOut.keys()) {
      // Whoever holds the object of before changes nothing with it any more.
      if (after.get(key) !== before.get(key)) this.#handedOut.delete(key);
    }
  }

  /** The same for an object that is about to write. */
  #refreshToWrite(): void {
    // When its time is over it need not ask the store.
    this.#oracle.expiry(this.#seen.createdAt, this.#seen.lifetime);
    this.#refresh("refused");
  }

  #extend(): void {
    const { revision } = this.#seen;
    if (!this.#oracle.isDue(this.#seen)) return;
    this.#refresh();
    // Whoever has saved it meanwhile has extended it as well.
    const isOthers = this.#seen.revision !== revision;
    if (!isOthers || this.#oracle.isDue(this.#seen)) this.#put(this.#seen, 0);
  }

  #write(): void {
    this.#refreshToWrite();
    this.#put(this.#shown(), 1);
    this.#changes = [];
    this.#isNew = false;
  }

  #takeNow(kind: string, isOfKind: (message: Message) => boolean): readonly Message[] {
    this.#mustLive();
    if (this.#phase !== "refused" && !this.#seen.messages.some(isOfKind)) return [];
    this.#refreshToWrite();
    const taken = this.#seen.messages.filter(isOfKind);
    if (taken.length > 0) this.#put(changed(this.#seen, { do: "take", kind }), 1);
    return taken;
  }

  /** Stores it, extended: by a touch, or by one more save. */
  #put(stored: Stored, saves: 0 | 1): void {
    const { now, rules } = this.#oracle;
    this.#seen = {
      ...stored,
      revision: stored.revision + saves,
      sealed: saves === 1 ? rules.encrypt !== false : stored.sealed,
      expiresAt: this.#oracle.expiry(stored.createdAt, stored.lifetime),
      extendedAt: now,
    };
    this.#oracle.stored.set(this.handle, this.#seen);
  }

  #mustLive(): void {
    if (this.#phase === "destroyed") throw gone();
  }

  #mustBeOutside(): void {
    if (this.#phase !== "updating") return;
    throw new SessionError("NOT_SUPPORTED", "The oracle says so: inside update().");
  }
}

function changed(stored: Stored, change: Change): Stored {
  const { values, messages } = stored;
  const others = [...values].filter(([key]) => !("key" in change) || key !== change.key);
  switch (change.do) {
    case "set":
      return { ...stored, values: new Map([...others, [change.key, change.text]]) };
    case "delete":
      return { ...stored, values: new Map(others) };
    case "clear":
      return { ...stored, values: new Map() };
    case "own":
      return { ...stored, owner: change.owner };
    case "flash":
      return { ...stored, messages: [...messages, change] };
    case "take":
      return { ...stored, messages: messages.filter(({ kind }) => kind !== change.kind) };
  }
}
