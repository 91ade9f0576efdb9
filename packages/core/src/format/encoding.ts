import type { Codec } from "../codec.ts";
import { SessionError } from "../errors.ts";
import { jsonFault } from "./strict-json.ts";

/** Values to text and back, through the codec, with what the data format asks of the text. */
export class Encoding {
  /** `j`son or `c`ustom. Named in each record, so that text of one kind is never read as the other. */
  readonly kind: "j" | "c";
  readonly #codec: Codec;

  constructor(codec: Codec | undefined) {
    this.kind = codec ? "c" : "j";
    this.#codec = codec ?? JSON;
  }

  /** `label`, the key or the kind of message, names the value in the error. */
  encode(label: string, value: unknown): string {
    if (typeof label !== "string") throw refused("A key or kind must be a string.");
    const fault = this.kind === "j" ? jsonFault(value) : undefined;
    if (fault) throw refused(`${label}${fault}. JSON would alter it: convert it, or pass a codec.`);
    let text: unknown;
    try {
      text = this.#codec.stringify(value);
    } catch (cause) {
      throw refused(`The codec cannot encode ${label}.`, { cause });
    }
    if (typeof text === "string" && (this.kind === "j" || isOneLine(text))) return text;
    throw refused(
      `The codec's text for ${label} must be well-formed, without line feed, tab or NUL.`,
    );
  }

  decode(text: string): unknown {
    try {
      return this.#codec.parse(text);
    } catch (error) {
      // JSON.parse quotes the text that it could not read, which may be a secret.
      const cause = this.kind === "j" ? undefined : { cause: error };
      throw new SessionError("RECORD_CORRUPT", "A stored value cannot be decoded.", cause);
    }
  }
}

/** What JSON writes always is. */
function isOneLine(text: string): boolean {
  return text.isWellFormed() && !/[\n\t\0]/.test(text);
}

function refused(message: string, options?: ErrorOptions): SessionError {
  return new SessionError("VALUE_NOT_SERIALIZABLE", message, options);
}
