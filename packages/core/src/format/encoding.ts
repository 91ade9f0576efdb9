import type { Codec } from "../codec.ts";
import { SessionError } from "../errors.ts";
import { jsonFault, strictJson } from "./strict-json.ts";

/** Values to text and back, through the codec, with what the data format asks of the text. */
export class Encoding {
  /** `j`son or `c`ustom. Named in each record, so that text of one kind is never read as the other. */
  readonly kind: "j" | "c";
  readonly #codec: Codec;

  constructor(codec: Codec | undefined) {
    this.kind = codec === undefined ? "j" : "c";
    this.#codec = codec ?? strictJson;
  }

  /** `label` names the value in the error: the key, or the kind of message. */
  encode(label: string, value: unknown): string {
    if (this.kind === "j") {
      const fault = jsonFault(value);
      if (fault !== undefined) throw notSerializable(`${label}${fault}. ${JSON_ADVICE}`);
      return this.#codec.stringify(value);
    }
    const text = this.#customText(label, value);
    if (typeof text !== "string" || /[\n\t\0]/.test(text) || !text.isWellFormed()) {
      throw notSerializable(
        `The codec's text for ${label} cannot be stored: it must be a well-formed string without raw line feed, tab or NUL.`,
      );
    }
    return text;
  }

  decode(text: string): unknown {
    try {
      return this.#codec.parse(text);
    } catch (error) {
      // JSON.parse quotes the text that it could not read, which may be a secret.
      const cause = this.kind === "j" ? undefined : { cause: error };
      throw new SessionError(
        "RECORD_CORRUPT",
        "A stored value cannot be decoded. Was it written with another codec?",
        cause,
      );
    }
  }

  #customText(label: string, value: unknown): unknown {
    try {
      return this.#codec.stringify(value);
    } catch (cause) {
      throw notSerializable(`The codec cannot encode ${label}.`, { cause });
    }
  }
}

const JSON_ADVICE =
  "The default codec carries JSON and alters nothing: convert the value, or pass a codec that knows it.";

function notSerializable(message: string, options?: ErrorOptions): SessionError {
  return new SessionError("VALUE_NOT_SERIALIZABLE", message, options);
}
