import type { Lifetime, RegenerateOptions } from "@sess/core";
import { changed } from "./changes.ts";
import { OracleValues } from "./oracle-values.ts";
import type { Keeper, Message, Stored } from "./stored.ts";
import { extended, gone, handleOf, holdsNothing } from "./stored.ts";
import type { Subject } from "./subject.ts";

/** What one session object does: its changes are saved, or its session is moved or ended. */
export class OracleSession extends OracleValues implements Subject {
  #id: string;
  #isNew: boolean;

  constructor(oracle: Keeper, id: string, seen: Stored, isNew: boolean) {
    super(oracle, seen);
    this.#id = id;
    this.#isNew = isNew;
  }

  get id(): string {
    return this.#id;
  }

  get handle(): string {
    return handleOf(this.#id);
  }

  /** The handle of the session's first id. */
  get root(): string {
    return this.seen.root;
  }

  get isNew(): boolean {
    return this.#isNew;
  }

  takeFlash(kind: string): unknown[] {
    const isOfKind = (message: { readonly kind: string }) => message.kind === kind;
    const isUpdating = this.phase === "updating";
    const removed = isUpdating ? [] : this.#takeNow(kind, isOfKind);
    const shown = this.shown().messages.filter(isOfKind);
    this.changes = this.changes.filter((change) => change.do !== "flash" || !isOfKind(change));
    // Inside update() they are removed by its save.
    if (isUpdating && this.seen.messages.some(isOfKind)) this.change({ do: "take", kind });
    return [...removed, ...shown].map(({ text }) => this.oracle.rules.codec.parse(text));
  }

  save(): void {
    this.mustAllow("save");
    this.handedOut.mustNotBeOutdated();
    this.notice();
    if (this.#isNew && holdsNothing(this.shown())) return;
    if (this.changes.length > 0) this.#write();
    else this.#extend();
  }

  reload(): void {
    this.mustAllow("save");
    this.#refresh();
  }

  regenerate({ restart = false, ...given }: RegenerateOptions = {}): void {
    this.mustAllow("save");
    this.handedOut.mustNotBeOutdated();
    try {
      this.#move(restart, lifetimeAfter(this.seen.lifetime, given));
    } catch (error) {
      // A sign-in goes on as a new session, which holds what was changed here and nothing else.
      if (!restart) throw error;
      const { drawn } = this.oracle;
      const before = this.shown();
      this.notice();
      this.#id = drawn;
      this.#isNew = true;
      this.seen = this.oracle.blank(handleOf(drawn), lifetimeAfter({}, given));
      this.handedOut.letGo(before, this.shown());
      this.save();
    }
  }

  destroy(): void {
    this.mustAllow("end");
    if (this.phase === "destroyed") return;
    if (!this.#isNew) this.oracle.end(this.handle);
    this.seen = { ...this.seen, owner: undefined, values: new Map(), messages: [] };
    this.changes = [];
    this.handedOut.clear();
    this.phase = "destroyed";
  }

  /** Runs `change` as `update()` does, on an object of its own, and saves both or neither. */
  transact<T>(change: (inner: OracleSession) => T): T {
    this.mustAllow("save");
    this.handedOut.mustNotBeOutdated();
    this.notice();
    let [inner, answer] = this.#run(change);
    const { revision } = this.seen;
    if (this.#isNew && holdsNothing(inner.shown())) return answer;
    if (this.changes.length + inner.changes.length === 0) {
      this.#extend();
      return answer;
    }
    this.#refreshToWrite();
    if (this.seen.revision !== revision) [inner, answer] = this.#run(change);
    if (this.changes.length + inner.changes.length > 0) {
      const before = this.shown();
      this.#put(inner.shown(), 1);
      this.changes = [];
      this.#isNew = false;
      this.handedOut.letGo(before, this.seen);
    } else this.#extend();
    return answer;
  }

  /** Runs a change on an object that saves nothing. */
  #run<T>(change: (inner: OracleSession) => T): [OracleSession, T] {
    const inner = new OracleSession(this.oracle, this.#id, this.shown(), this.#isNew);
    inner.phase = "updating";
    const answer = change(inner);
    inner.notice();
    return [inner, answer];
  }

  /** The same object in the hands of a copy of the oracle. */
  copyTo(oracle: Keeper): OracleSession {
    const copy = new OracleSession(oracle, this.#id, this.seen, this.#isNew);
    copy.phase = this.phase;
    copy.changes = this.changes;
    copy.handedOut = this.handedOut.copy();
    return copy;
  }

  /** All that tells it from another. */
  describe(): readonly unknown[] {
    return [this.#id, this.#isNew, this.phase, this.seen, this.changes, this.handedOut.describe()];
  }

  /** Gives it a new id: the old one leads there. */
  #move(restart: boolean, lifetime: Lifetime): void {
    const { now, drawn } = this.oracle;
    const createdAt = restart ? now : this.seen.createdAt;
    const expiresAt = this.oracle.expiry(createdAt, lifetime);
    this.#refresh();
    const from = this.handle;
    this.#id = drawn;
    if (this.#isNew) {
      this.seen = { ...this.seen, createdAt, lifetime, expiresAt, root: this.handle };
      return;
    }
    this.#put({ ...this.shown(), createdAt, lifetime, revision: 0 }, 1);
    this.changes = [];
    this.oracle.forward(from, this.handle);
  }

  /** Puts the newest stored state under the changes. */
  #refresh(): void {
    if (this.#isNew) return;
    this.notice();
    const newest = this.oracle.live(this.handle);
    if (newest === undefined) throw gone();
    const before = this.shown();
    this.seen = newest;
    this.handedOut.letGo(before, this.shown());
  }

  /** The same for an object that is about to write. When its time is over it need not ask the store. */
  #refreshToWrite(): void {
    this.oracle.expiry(this.seen.createdAt, this.seen.lifetime);
    this.#refresh();
  }

  /** A save by somebody else has extended the session as well. */
  #extend(): void {
    const { revision } = this.seen;
    if (!this.oracle.isDue(this.seen)) return;
    this.#refresh();
    const isTouched = this.seen.revision === revision || this.oracle.isDue(this.seen);
    if (isTouched) this.#put(this.seen, 0);
  }

  #write(): void {
    this.#refreshToWrite();
    this.#put(this.shown(), 1);
    this.changes = [];
    this.#isNew = false;
  }

  #takeNow(kind: string, isOfKind: (message: Message) => boolean): readonly Message[] {
    this.mustAllow("change");
    if (!this.seen.messages.some(isOfKind)) return [];
    this.#refreshToWrite();
    const taken = this.seen.messages.filter(isOfKind);
    if (taken.length > 0) this.#put(changed(this.seen, { do: "take", kind }), 1);
    return taken;
  }

  /** Stores it, extended: by a touch, or by one more save. */
  #put(stored: Stored, saves: 0 | 1): void {
    this.seen = extended(this.oracle, stored, saves);
    this.oracle.stored.set(this.handle, this.seen);
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
