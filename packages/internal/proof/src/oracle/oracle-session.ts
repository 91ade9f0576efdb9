import { type Lifetime, type RegenerateOptions, SessionError } from "@sess/core";
import { type Change, changed, changesInPlace, type HandedOut, letGo } from "./changes.ts";
import type { Keeper, Message, Stored } from "./stored.ts";
import { extended, gone, handleOf, holdsNothing } from "./stored.ts";
import type { Subject } from "./subject.ts";

/** What one session object shows: its changes, in order, over the session as it last saw it. */
export class OracleSession implements Subject {
  readonly #oracle: Keeper;
  #id: string;
  #isNew: boolean;
  #phase: "open" | "updating" | "refused" | "destroyed" = "open";
  #seen: Stored;
  #changes: Change[] = [];
  #handedOut: HandedOut = new Map();

  constructor(oracle: Keeper, id: string, seen: Stored, isNew: boolean) {
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
    else this.#mustAllow("change");
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
    this.#mustAllow("save");
    this.#notice();
    if (this.#isNew && holdsNothing(this.#shown())) return;
    if (this.#changes.length > 0 || this.#phase === "refused") this.#write();
    else this.#extend();
  }

  reload(): void {
    this.#mustAllow("save");
    this.#refresh();
  }

  regenerate({ restart = false, ...given }: RegenerateOptions = {}): void {
    this.#mustAllow("save");
    const { now, drawn } = this.#oracle;
    const createdAt = restart ? now : this.#seen.createdAt;
    const lifetime = lifetimeAfter(this.#seen.lifetime, given);
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
    this.#mustAllow("end");
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
  copyTo(oracle: Keeper): OracleSession {
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
    this.#mustAllow("change");
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
    const found = changesInPlace(this.#handedOut, this.#shown(), this.#oracle.rules.codec);
    this.#changes = [...this.#changes, ...found];
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
    const before = this.#shown();
    this.#seen = newest;
    letGo(this.#handedOut, before, this.#shown());
  }

  /** The same for an object that is about to write. When its time is over it need not ask the store. */
  #refreshToWrite(): void {
    this.#oracle.expiry(this.#seen.createdAt, this.#seen.lifetime);
    this.#refresh("refused");
  }

  /** Whoever has saved it meanwhile has extended it as well. */
  #extend(): void {
    const { revision } = this.#seen;
    if (!this.#oracle.isDue(this.#seen)) return;
    this.#refresh();
    const isTouched = this.#seen.revision === revision || this.#oracle.isDue(this.#seen);
    if (isTouched) this.#put(this.#seen, 0);
  }

  #write(): void {
    this.#refreshToWrite();
    this.#put(this.#shown(), 1);
    this.#changes = [];
    this.#isNew = false;
  }

  #takeNow(kind: string, isOfKind: (message: Message) => boolean): readonly Message[] {
    this.#mustAllow("change");
    if (this.#phase !== "refused" && !this.#seen.messages.some(isOfKind)) return [];
    this.#refreshToWrite();
    const taken = this.#seen.messages.filter(isOfKind);
    if (taken.length > 0) this.#put(changed(this.#seen, { do: "take", kind }), 1);
    return taken;
  }

  /** Stores it, extended: by a touch, or by one more save. */
  #put(stored: Stored, saves: 0 | 1): void {
    this.#seen = extended(this.#oracle, stored, saves);
    this.#oracle.stored.set(this.handle, this.#seen);
  }

  /** Throws after `destroy()`, and inside `update()` for what is refused there. */
  #mustAllow(call: "change" | "save" | "end"): void {
    if (call !== "end" && this.#phase === "destroyed") throw gone();
    if (call === "change" || this.#phase !== "updating") return;
    throw new SessionError("NOT_SUPPORTED", "The oracle says so: inside update().");
  }
}

/** `null` takes an own timeout away. */
function lifetimeAfter(own: Lifetime, given: Omit<RegenerateOptions, "restart">): Lifetime {
  const { idleTimeout = own.idleTimeout, absoluteTimeout = own.absoluteTimeout } = given;
  return {
    ...(typeof idleTimeout === "number" && { idleTimeout }),
    ...(typeof absoluteTimeout === "number" && { absoluteTimeout }),
  };
}
