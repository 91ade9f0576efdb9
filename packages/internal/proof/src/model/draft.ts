import { Overlay } from "./overlay.ts";
import { Pending } from "./pending.ts";
import type { Message, Stored, World } from "./world.ts";

/** The session as one object last saw it stored, with what that object has not saved over it. */
export class Draft {
  readonly #world: World;
  #seen: Stored;
  #pending: Pending;

  constructor(world: World, seen: Stored) {
    this.#world = world;
    this.#seen = seen;
    this.#pending = pendingOver(world, seen);
  }

  get seen(): Stored {
    return this.#seen;
  }

  get pending(): Pending {
    return this.#pending;
  }

  get owner(): string | undefined {
    return (this.#pending.owner ?? { value: this.#seen.owner }).value;
  }

  /** The stored messages of a kind. */
  messages(kind: string): readonly Message[] {
    return this.#seen.messages.filter((message) => message.kind === kind);
  }

  /** Under what is unsaved there is `newest` from now on. */
  rebase(newest: Stored): void {
    this.#seen = newest;
    this.#pending.values.rebase(newest.values);
  }

  /** Throws where it has come to its end. */
  mustHaveTime(): void {
    this.#world.expiry(this.#seen.createdAt, this.#seen.lifetime);
  }

  /** What is stored by saving all of it now, but for when that expires. */
  next(): Stored {
    const extendedAt = this.#world.now;
    return { ...this.#following(this.#pending.over(this.#seen)), extendedAt };
  }

  /** What is stored by taking the messages of a kind now and saving nothing else. */
  nextWithout(kind: string): Stored {
    const messages = this.#seen.messages.filter((message) => message.kind !== kind);
    return this.#world.extended({ ...this.#following(this.#seen), messages });
  }

  /** All of it is saved. */
  settle(next: Stored): void {
    this.#seen = next;
    this.#pending.settle(next);
  }

  /** Other times, and nothing else. */
  retime(seen: Stored): void {
    this.#seen = seen;
  }

  /** The session has ended, and what it held with it. */
  empty(): void {
    this.#seen = { ...this.#seen, owner: undefined, values: new Map(), messages: [] };
    this.#pending = pendingOver(this.#world, this.#seen);
  }

  copyTo(world: World): Draft {
    const copy = new Draft(world, this.#seen);
    copy.#pending = this.#pending.copy();
    return copy;
  }

  /** What tells it from another. */
  describe(): readonly unknown[] {
    const { values, ...seen } = this.#seen;
    return [seen, [...values], this.#pending.describe()];
  }

  #following(stored: Stored): Stored {
    const sealed = this.#world.rules.encrypt !== false;
    return { ...stored, revision: stored.revision + 1, sealed };
  }
}

function pendingOver({ rules }: World, { values }: Stored): Pending {
  return new Pending(rules.codec, new Overlay(rules.codec, values));
}
