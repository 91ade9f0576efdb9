import type { Codec } from "@sess/core";
import type { Overlay } from "./overlay.ts";
import type { Message, Stored } from "./world.ts";

/** All that one object has not saved: values, flash messages, the owner. */
export class Pending {
  readonly values: Overlay;
  /** In a box, since no owner is one, too. */
  owner: { readonly value: string | undefined } | undefined;
  readonly #codec: Codec;
  #queued: readonly Message[] = [];
  /** Kinds that were taken inside `update()`. */
  #taken: readonly string[] = [];

  constructor(codec: Codec, values: Overlay) {
    this.#codec = codec;
    this.values = values;
  }

  get isChanged(): boolean {
    const counts = this.#queued.length + this.#taken.length;
    return counts > 0 || this.owner !== undefined || this.values.isChanged;
  }

  /** Whether a session that was not stored yet has something to store. */
  get holdsSomething(): boolean {
    return this.#queued.length > 0 || this.owner?.value !== undefined || this.values.holdsSomething;
  }

  flash(kind: string, message: unknown): void {
    this.#queued = [...this.#queued, { kind, text: this.#codec.stringify(message) }];
  }

  takeQueued(kind: string): readonly Message[] {
    const taken = this.#queued.filter((message) => message.kind === kind);
    this.#queued = this.#queued.filter((message) => message.kind !== kind);
    return taken;
  }

  /** Leaves the removal of stored messages to the next save; gives those of the first time. */
  takeLater(kind: string, messages: readonly Message[]): readonly Message[] {
    if (this.#taken.includes(kind)) return [];
    if (messages.length > 0) this.#taken = [...this.#taken, kind];
    return messages;
  }

  /** `stored` with what is unsaved over it. */
  over(stored: Stored): Stored {
    const kept = stored.messages.filter(({ kind }) => !this.#taken.includes(kind));
    return {
      ...stored,
      owner: (this.owner ?? { value: stored.owner }).value,
      values: this.values.over(stored.values),
      messages: [...kept, ...this.#queued],
    };
  }

  /** All is saved. */
  settle({ values }: Stored): void {
    this.values.settle(values);
    this.owner = undefined;
    this.#queued = [];
    this.#taken = [];
  }

  copy(): Pending {
    const copy = new Pending(this.#codec, this.values.copy());
    copy.owner = this.owner;
    copy.#queued = this.#queued;
    copy.#taken = this.#taken;
    return copy;
  }

  /** What tells it from another. */
  describe(): unknown {
    return [this.values.describe(), this.owner, this.#queued, this.#taken];
  }
}
