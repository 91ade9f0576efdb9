import { SessionError } from "../errors.ts";
import type { Encoding } from "../format/encoding.ts";
import type { Fields } from "../format/fields.ts";
import { type Edits, type Message, NO_EDITS } from "./edits.ts";
import { Values } from "./values.ts";

/** What one session object holds that is not saved: values, flash messages, the owner. */
export class Draft {
  readonly values: Values;
  /** The new owner, in a box, since undefined is one too; undefined where it did not change. */
  owner: Edits["owner"];
  readonly #encoding: Encoding;
  #fields: Fields;
  #messages: readonly Message[] = [];
  #taken: readonly Message[] = [];

  constructor(encoding: Encoding, fields: Fields) {
    this.values = new Values(encoding, fields);
    this.#encoding = encoding;
    this.#fields = fields;
  }

  /** Queues a message until it is saved or taken. */
  flash(kind: string, message: unknown): void {
    if (typeof kind !== "string") {
      throw new SessionError("VALUE_NOT_SERIALIZABLE", "A kind of flash message must be a string.");
    }
    const text = this.#encoding.encode(`message of kind "${kind}"`, message);
    this.#messages = [...this.#messages, { kind, text }];
  }

  /** The stored messages of a kind that were not taken yet. */
  stored(kind: string): readonly Message[] {
    if (this.#taken.some((message) => message.kind === kind)) return [];
    return this.#fields.messages(kind).map((text) => ({ kind, text }));
  }

  /** Leaves the removal of stored messages to the next save. */
  take(stored: readonly Message[]): void {
    this.#taken = [...this.#taken, ...stored];
  }

  /** Removes and returns this object's own messages of a kind. */
  takeQueued(kind: string): readonly Message[] {
    const wanted = this.#messages.filter((message) => message.kind === kind);
    if (wanted.length > 0) this.#messages = this.#messages.filter((each) => each.kind !== kind);
    return wanted;
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
    const queued = this.#messages.length + this.#taken.length;
    if (this.values.untouched && queued === 0 && this.owner === undefined) return NO_EDITS;
    return {
      clear: this.values.cleared,
      values: this.values.edits(),
      messages: this.#messages,
      taken: this.#taken,
      owner: this.owner,
    };
  }

  /** Drops what `edits` saved; `fields` are the stored ones that came of it. */
  settle(edits: Edits, fields: Fields): void {
    this.values.settle(edits.values, edits.clear, fields);
    this.#messages = this.#messages.filter((message) => !edits.messages.includes(message));
    this.#taken = this.#taken.filter((message) => !edits.taken.includes(message));
    if (this.owner === edits.owner) this.owner = undefined;
    this.#fields = fields;
  }

  /** Puts what is not saved over fresher fields. */
  rebase(fields: Fields): void {
    this.values.rebase(fields);
    this.#fields = fields;
  }
}
