import { SessionError } from "../contract/errors.ts";
import type { Message } from "../format/edits.ts";
import type { ValueEncoding } from "../format/value-encoding.ts";

interface NumberedMessage extends Message {
  /** The number of the change that it is. */
  readonly change: number;
}

/** The flash messages that one session object has queued or taken and that are not saved. */
export class FlashMessages {
  /** Added by this object. */
  #queued: readonly NumberedMessage[] = [];
  /** In the store, to be removed by the next save. */
  #taken: readonly NumberedMessage[] = [];

  get queued(): readonly Message[] {
    return this.#queued;
  }

  get taken(): readonly Message[] {
    return this.#taken;
  }

  queue(message: Message, change: number): void {
    this.#queued = this.#queued.concat(numbered([message], change));
  }

  /** Puts messages back in front that were removed from the store and shown to nobody. */
  putBack(messages: readonly Message[], change: number): void {
    this.#queued = numbered(messages, change).concat(this.#queued);
  }

  /** Removes the queued messages of a kind and returns them. */
  dequeue(kind: string): readonly Message[] {
    const dequeued = this.#queued.filter((message) => message.kind === kind);
    this.#queued = this.#queued.filter((message) => message.kind !== kind);
    return dequeued;
  }

  /** Notes stored messages that the next save removes. */
  take(stored: readonly Message[], change: number): void {
    this.#taken = this.#taken.concat(numbered(stored, change));
  }

  /** All changes up to this one are saved. */
  confirm(lastChange: number): void {
    const isUnsaved = ({ change }: NumberedMessage) => change > lastChange;
    this.#queued = this.#queued.filter(isUnsaved);
    this.#taken = this.#taken.filter(isUnsaved);
  }
}

function numbered(messages: readonly Message[], change: number): NumberedMessage[] {
  return messages.map(({ kind, text }) => ({ kind, text, change }));
}

/**
 * A message, encoded.
 *
 * @throws VALUE_NOT_SERIALIZABLE if there is none, as in `flash(message)` without a kind, or the codec
 * leaves it out or cannot carry it. What came is not shown: it may be the message.
 */
export function messageText(encoding: ValueEncoding, kind: string, message: unknown): string {
  const text = message === undefined ? undefined : encoding.encode(kind, message);
  if (text !== undefined) return text;
  throw new SessionError(
    "VALUE_NOT_SERIALIZABLE",
    'flash() takes a kind and a message, such as flash("notice", "Saved."): the message is missing.',
  );
}
