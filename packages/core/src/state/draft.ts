import type { Encoding } from "../format/encoding.ts";
import type { Fields } from "../format/fields.ts";
import type { Edits, Message } from "./edits.ts";
import { Values } from "./values.ts";

/** What one session object holds that is not saved: values, flash messages, the owner. */
export class Draft {
  readonly values: Values;
  /** Queued until they are saved or taken. */
  messages: Message[] = [];
  /** Stored messages that the next save removes. */
  taken: Message[] = [];
  /** The new owner, in a box, since undefined is one too; undefined where it did not change. */
  owner: Edits["owner"];
  readonly #encoding: Encoding;

  constructor(encoding: Encoding, fields: Fields) {
    this.values = new Values(encoding, fields);
    this.#encoding = encoding;
  }

  flash(kind: string, message: unknown): void {
    const text = this.#encoding.encode(kind, message);
    this.messages.push({ kind, text });
  }

  /** The stored messages of a kind that were not taken yet. */
  stored(kind: string): Message[] {
    if (this.taken.some((message) => message.kind === kind)) return [];
    return this.values.fields.messages(kind).map((text) => ({ kind, text }));
  }

  decode(messages: readonly Message[]): unknown[] {
    return messages.map(({ text }) => this.#encoding.decode(text));
  }

  /** All that is not saved, encoded as it is now. Throws VALUE_NOT_SERIALIZABLE. */
  edits(): Edits {
    const { values, messages, taken, owner } = this;
    const { cleared } = values;
    return { cleared, values: values.edits(), messages: messages.slice(), taken, owner };
  }

  /** Drops what `edits` saved; `fields` are the stored ones that came of it. */
  accept({ values, cleared, messages, taken, owner }: Edits, fields: Fields): void {
    this.values.accept(values, cleared, fields);
    if (messages.length + taken.length > 0) {
      const saved = new Set([...messages, ...taken]);
      const isUnsaved = (message: Message) => !saved.has(message);
      this.messages = this.messages.filter(isUnsaved);
      this.taken = this.taken.filter(isUnsaved);
    }
    if (this.owner === owner) this.owner = undefined;
  }
}
