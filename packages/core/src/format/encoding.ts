import type { Codec } from "../codec.ts";
import { corrupt, SessionError } from "../errors.ts";
import { jsonFault } from "./strict-json.ts";

/** What JSON never writes; the last are lone surrogates. */
const FORBIDDEN = /[\n\t\0\p{Cs}]/u;

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
    this.#mustCarry(label, value);
    let options: ErrorOptions | undefined;
    try {
      const text: unknown = this.#codec.stringify(value);
      if (typeof text === "string" && (this.kind === "j" || !FORBIDDEN.test(text))) return text;
    } catch (cause) {
      options = { cause };
    }
    throw refused(
      `The codec must turn ${label} into well-formed text without NUL, tab or line feed.`,
      options,
    );
  }

  /** Throws what `encode` would throw now, for a value that is encoded later. */
  check(label: string, value: unknown): void {
    if (this.kind === "j") this.#mustCarry(label, value);
    else this.encode(label, value);
  }

  #mustCarry(label: string, value: unknown): void {
    if (typeof label !== "string") throw refused("A key or kind must be text.");
    const fault = this.kind === "j" ? jsonFault(value) : undefined;
    if (fault) throw refused(`${label}${fault}. JSON would alter it: convert it, or pass a codec.`);
  }

  /** The value of a text; undefined where there is none. */
  decode(text: string | undefined): unknown {
    if (text === undefined) return undefined;
    try {
      return this.#codec.parse(text);
    } catch (cause) {
      // JSON.parse quotes the text that it could not read, which may be a secret.
      throw corrupt("a value cannot be decoded", this.kind === "j" ? undefined : { cause });
    }
  }
}

function refused(message: string, options?: ErrorOptions): SessionError {
  return new SessionError("VALUE_NOT_SERIALIZABLE", message, options);
}
