import { type RegenerateOptions, SessionError } from "@sess/core";
import { Draft } from "./draft.ts";
import { LocalModel } from "./local-model.ts";
import type { Subject } from "./subject.ts";
import { gone, handleOf, type Message, type Stored, type World } from "./world.ts";

/** One session object. */
export class SessionModel extends LocalModel implements Subject {
  readonly #world: World;
  #id: string;
  #isNew: boolean;

  constructor(world: World, id: string, seen: Stored, phase: "new" | "open" | "updating") {
    super(new Draft(world, seen), phase === "updating" ? phase : "open");
    this.#world = world;
    this.#id = id;
    this.#isNew = phase === "new";
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
    return new Date(this.draft.seen.createdAt);
  }

  get expiresAt(): Date {
    return new Date(this.draft.seen.expiresAt);
  }

  takeFlash(kind: string): unknown[] {
    const { pending } = this.draft;
    const isLater = this.phase === "updating";
    const stored = isLater
      ? pending.takeLater(kind, this.draft.messages(kind))
      : this.#takeNow(kind);
    const messages = [...stored, ...pending.takeQueued(kind)];
    return messages.map(({ text }) => this.#world.rules.codec.parse(text));
  }

  save(): void {
    this.#mustBeOutside();
    this.mustLive();
    const { pending } = this.draft;
    if (this.#isNew && !pending.holdsSomething) return;
    if (this.phase !== "refused" && !pending.isChanged) this.#extend();
    else this.#write();
  }

  reload(): void {
    this.#mustBeOutside();
    this.mustLive();
    if (!this.#isNew) this.draft.rebase(this.#newest());
  }

  regenerate({ restart = false, ...lifetime }: RegenerateOptions = {}): void {
    this.#mustBeOutside();
    this.mustLive();
    const { now, drawn } = this.#world;
    const { seen } = this.draft;
    const createdAt = restart ? now : seen.createdAt;
    const terms = { createdAt, lifetime: { ...seen.lifetime, ...lifetime } };
    const times = { ...terms, expiresAt: this.#world.expiry(createdAt, terms.lifetime) };
    if (this.#isNew) this.draft.retime({ ...seen, ...times });
    else {
      this.#world.clear(this.handle, seen);
      this.draft.rebase(this.#newest());
      const next = { ...this.draft.next(), ...times, revision: 1 };
      this.#world.move(this.handle, handleOf(drawn), next);
      this.draft.settle(next);
    }
    this.#id = drawn;
  }

  destroy(): void {
    this.#mustBeOutside();
    if (this.phase === "destroyed") return;
    if (!this.#isNew) this.#world.end(this.handle);
    this.draft.empty();
    this.phase = "destroyed";
  }

  /** What `update()` does when its edits are made. */
  finish(): void {
    if (this.draft.pending.isChanged) this.#write();
    else if (this.#world.isDue(this.draft.seen)) this.#touch();
    this.phase = "open";
  }

  /** The same object in another world. */
  copyTo(world: World): SessionModel {
    const copy = new SessionModel(world, this.#id, this.draft.seen, "open");
    copy.#isNew = this.#isNew;
    copy.draft = this.draft.copyTo(world);
    copy.phase = this.phase;
    return copy;
  }

  /** What tells it from another. */
  describe(): unknown {
    return [this.#id, this.#isNew, this.phase, ...this.draft.describe()];
  }

  #extend(): void {
    const { seen } = this.draft;
    if (!this.#world.isDue(seen)) return;
    const newest = this.#newest();
    this.draft.rebase(newest);
    // What is due by what this object knew is done, unless another has saved the session since.
    if (newest.revision === seen.revision || this.#world.isDue(newest)) this.#touch();
  }

  #touch(): void {
    const extended = this.#world.extended(this.draft.seen);
    this.draft.retime(extended);
    this.#world.put(this.handle, extended);
  }

  #write(): void {
    this.draft.mustHaveTime();
    this.draft.rebase(this.#newest("refused"));
    const next = this.#world.extended(this.draft.next());
    this.#world.put(this.handle, next);
    this.draft.settle(next);
    this.#isNew = false;
  }

  #takeNow(kind: string): readonly Message[] {
    this.mustLive();
    if (this.#isNew) return [];
    if (this.phase !== "refused" && this.draft.messages(kind).length === 0) return [];
    this.draft.mustHaveTime();
    this.draft.rebase(this.#newest("refused"));
    const taken = this.draft.messages(kind);
    if (taken.length === 0) return [];
    const next = this.draft.nextWithout(kind);
    this.#world.put(this.handle, next);
    this.draft.rebase(next);
    return taken;
  }

  /** The newest stored state; with `otherwise`, this object has had a write refused. */
  #newest(otherwise = this.phase): Stored {
    const found = this.#isNew ? this.draft.seen : this.#world.load(this.handle);
    if (found) return found;
    this.phase = otherwise;
    throw gone();
  }

  #mustBeOutside(): void {
    if (this.phase !== "updating") return;
    throw new SessionError("NOT_SUPPORTED", "The model says so: inside update().");
  }
}
