import type { Encoding } from "../format/encoding.ts";
import type { Fields } from "../format/fields.ts";
import type { Edits, Message } from "./edits.ts";
import { Values } from "./values.ts";

/** What one session object holds that is not saved: values, flash messages, the owner. */
export class Draft {
  readonly values: Values;
  /** The new owner, in a box, since undefined is one too; undefined where it did not change. */
  owner: Edits["owner"];
  readonly #encoding: Encoding;
  #messages: Message[] = [];
  #taken: readonly Message[] = [];

  constructor(encoding: Encoding, fields: Fields) {
    this.values = new Values(encoding, fields);
    this.#encoding = encoding;
  }

  /** Queues a message until it is saved or taken. */
  flash(kind: string, message: unknown): void {
    const text = this.#encoding.encode(kind, message);
    this.#messages.push({ kind, text });
  }

  /** The stored messages of a kind that were not taken yet. */
  stored(kind: string): readonly Message[] {
    if (this.#taken.some((message) => message.kind === kind)) return [];
    return this.values.fields.messages(kind).map((text) => ({ kind, text }));
  }

  /** Leaves the removal of stored messages to the next save. */
  take(stored: readonly Message[]): void {
    this.#taken = [...this.#taken, ...stored];
  }

  /** Removes this object's own messages of a kind and returns them, decoded. */
  takeQueued(kind: string): unknown[] {
    const wanted = this.#messages.filter((message) => message.kind === kind);
    this.#messages = this.#messages.filter((message) => message.kind !== kind);
    return this.decode(wanted);
  }

  /** Puts messages back before all others. */
  requeue(messages: readonly Message[]): void {
    this.#messages = [...messages, ...this.#messages];
  }

  decode(messages: readonly Message[]): unknown[] {
    return messages.map(({ text }) => this.#encoding.decode(text));
  }

  /** All that is not saved, encoded as it is now. Throws VALUE_NOT_SERIALIZABLE. */
  edits(): Edits {
    return {
      clear: this.values.cleared,
      values: this.values.edits(),
      messages: [...this.#messages],
      taken: this.#taken,
      owner: this.owner,
    };
  }

  /** Drops what `edits` saved; `fields` are the stored ones that came of it. */
  settle({ values, clear, messages, taken, owner }: Edits, fields: Fields): void {
    this.values.settle(values, clear, fields);
    const saved = new Set([...messages, ...taken]);
    this.#messages = this.#messages.filter((message) => !saved.has(message));
    this.#taken = this.#taken.filter((message) => !saved.has(message));
    if (this.owner === owner) this.owner = undefined;
  }
}
