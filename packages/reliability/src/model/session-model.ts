import { type RegenerateOptions, SessionError } from "@sess/core";
import { Overlay } from "./overlay.ts";
import { Pending } from "./pending.ts";
import type { Subject } from "./subject.ts";
import { gone, handleOf, type Message, type Stored, type World } from "./world.ts";

/** One session object: the stored state as it last saw it, and what it has not saved. */
export class SessionModel implements Subject {
  readonly #world: World;
  #id: string;
  #seen: Stored;
  #pending: Pending;
  #isNew: boolean;
  #phase: "open" | "updating" | "refused" | "destroyed";

  constructor(world: World, id: string, seen: Stored, phase: "new" | "open" | "updating") {
    this.#world = world;
    this.#id = id;
    this.#seen = seen;
    this.#pending = pendingOver(world, seen);
    this.#isNew = phase === "new";
    this.#phase = phase === "updating" ? phase : "open";
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
    return (this.#pending.owner ?? { value: this.#seen.owner }).value;
  }

  set owner(value: string | undefined) {
    this.#mustLive();
    this.#pending.owner = { value };
  }

  get(key: string): unknown {
    return this.#pending.values.get(key);
  }

  set(key: string, value: unknown): void {
    this.#mustLive();
    this.#pending.values.set(key, value);
  }

  has(key: string): boolean {
    return this.#pending.values.has(key);
  }

  delete(key: string): boolean {
    this.#mustLive();
    return this.#pending.values.delete(key);
  }

  clear(): void {
    this.#mustLive();
    this.#pending.values.clear();
  }

  keys(): string[] {
    return this.#pending.values.keys();
  }

  pop(key: string): unknown {
    const value = this.get(key);
    this.delete(key);
    return value;
  }

  flash(kind: string, message: unknown): void {
    this.#mustLive();
    this.#pending.flash(kind, message);
  }

  takeFlash(kind: string): unknown[] {
    const isLater = this.#phase === "updating";
    const stored = isLater
      ? this.#pending.takeLater(kind, this.#stored(kind))
      : this.#takeNow(kind);
    const messages = [...stored, ...this.#pending.takeQueued(kind)];
    return messages.map(({ text }) => this.#world.rules.codec.parse(text));
  }

  save(): void {
    this.#mustBeOutside();
    this.#mustLive();
    if (this.#isNew && !this.#pending.holdsSomething) return;
    if (this.#phase !== "refused" && !this.#pending.isChanged) this.#extend();
    else this.#write();
  }

  reload(): void {
    this.#mustBeOutside();
    this.#mustLive();
    if (!this.#isNew) this.#rebase(this.#newest());
  }

  regenerate({ restart = false, ...lifetime }: RegenerateOptions = {}): void {
    this.#mustBeOutside();
    this.#mustLive();
    const { now } = this.#world;
    const terms = {
      createdAt: restart ? now : this.#seen.createdAt,
      lifetime: { ...this.#seen.lifetime, ...lifetime },
    };
    const expiresAt = this.#world.expiry(terms.createdAt, terms.lifetime);
    if (this.#isNew) {
      this.#seen = { ...this.#seen, ...terms, expiresAt };
    } else {
      this.#world.clear(this.handle, this.#seen);
      this.#rebase(this.#newest());
      const next = { ...this.#next(), ...terms, revision: 1, expiresAt };
      this.#world.move(this.handle, handleOf(this.#world.drawn), next);
      this.#settle(next);
    }
    this.#id = this.#world.drawn;
  }

  destroy(): void {
    this.#mustBeOutside();
    if (this.#phase === "destroyed") return;
    if (!this.#isNew) this.#world.end(this.handle);
    this.#seen = { ...this.#seen, owner: undefined, values: new Map(), messages: [] };
    this.#pending = pendingOver(this.#world, this.#seen);
    this.#phase = "destroyed";
  }

  /** What `update()` does when its edits are made. */
  finish(): void {
    if (this.#pending.isChanged) this.#write();
    else if (this.#world.isDue(this.#seen)) this.#touch();
    this.#phase = "open";
  }

  /** The same object in another world. */
  copyTo(world: World): SessionModel {
    const copy = new SessionModel(world, this.#id, this.#seen, "open");
    copy.#isNew = this.#isNew;
    copy.#pending = this.#pending.copy();
    copy.#phase = this.#phase;
    return copy;
  }

  /** What tells it from another. */
  describe(): unknown {
    const { values, ...seen } = this.#seen;
    return [this.#id, this.#isNew, this.#phase, seen, [...values], this.#pending.describe()];
  }

  #extend(): void {
    if (!this.#world.isDue(this.#seen)) return;
    const newest = this.#newest();
    const isSame = newest.revision === this.#seen.revision;
    this.#rebase(newest);
    // What is due by what this object knew is done, unless another has saved the session since.
    if (isSame || this.#world.isDue(newest)) this.#touch();
  }

  #touch(): void {
    this.#seen = this.#world.extended(this.#seen);
    this.#world.put(this.handle, this.#seen);
  }

  #write(): void {
    this.#mustHaveTime();
    this.#rebase(this.#newest("refused"));
    const next = this.#world.extended(this.#next());
    this.#world.put(this.handle, next);
    this.#settle(next);
    this.#isNew = false;
  }

  #takeNow(kind: string): readonly Message[] {
    this.#mustLive();
    if (this.#isNew) return [];
    if (this.#phase !== "refused" && this.#stored(kind).length === 0) return [];
    this.#mustHaveTime();
    this.#rebase(this.#newest("refused"));
    const taken = this.#stored(kind);
    if (taken.length === 0) return [];
    const messages = this.#seen.messages.filter((message) => message.kind !== kind);
    const sealed = this.#world.rules.encrypt !== false;
    const revision = this.#seen.revision + 1;
    const next = this.#world.extended({ ...this.#seen, revision, sealed, messages });
    this.#world.put(this.handle, next);
    this.#rebase(next);
    return taken;
  }

  #stored(kind: string): readonly Message[] {
    return this.#seen.messages.filter((message) => message.kind === kind);
  }

  /** The newest stored state; with `otherwise`, this object has had a write refused. */
  #newest(otherwise = this.#phase): Stored {
    const found = this.#isNew ? this.#seen : this.#world.load(this.handle);
    if (found) return found;
    this.#phase = otherwise;
    throw gone();
  }

  #rebase(newest: Stored): void {
    this.#seen = newest;
    this.#pending.values.rebase(newest.values);
  }

  #next(): Stored {
    const next = this.#pending.over(this.#seen);
    const sealed = this.#world.rules.encrypt !== false;
    return { ...next, revision: next.revision + 1, extendedAt: this.#world.now, sealed };
  }

  #settle(next: Stored): void {
    this.#seen = next;
    this.#pending.settle(next);
  }

  #mustHaveTime(): void {
    this.#world.expiry(this.#seen.createdAt, this.#seen.lifetime);
  }

  #mustLive(): void {
    if (this.#phase === "destroyed") throw gone();
  }

  #mustBeOutside(): void {
    if (this.#phase !== "updating") return;
    throw new SessionError("NOT_SUPPORTED", "The model says so: inside update().");
  }
}

function pendingOver({ rules }: World, { values }: Stored): Pending {
  return new Pending(rules.codec, new Overlay(rules.codec, values));
}
