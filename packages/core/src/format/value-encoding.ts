import type { Codec } from "../contract/codec.ts";
import { recordCorrupt, SessionError } from "../contract/errors.ts";
import { jsonFault } from "./strict-json.ts";

/** What would break the line format. JSON writes none of them; `\p{Cs}` are lone surrogates. */
const FORBIDDEN = /[\n\t\0\p{Cs}]/u;

/** Which codec wrote a record. Text of one kind is never read as the other. */
export type CodecKind = "json" | "custom";

/** Turns values into text and back, through the codec, and checks what the line format asks of the text. */
export class ValueEncoding {
  readonly kind: CodecKind;
  readonly #codec: Codec;

  constructor(codec?: Codec) {
    this.kind = codec === undefined ? "json" : "custom";
    this.#codec = codec ?? JSON;
  }

  /**
   * `name`, the key or the kind of message, names the value in the error.
   *
   * @throws VALUE_NOT_SERIALIZABLE if the codec cannot carry the value unaltered.
   */
  encode(name: string, value: unknown): string {
    this.#checkStrictly(name, value);
    let text: unknown;
    try {
      text = this.#codec.stringify(value);
    } catch (cause) {
      throw badText(name, { cause });
    }
    if (typeof text !== "string" || (this.kind === "custom" && FORBIDDEN.test(text))) {
      throw badText(name);
    }
    return text;
  }

  /**
   * Checks a value that will be encoded later, as it may still be changed.
   *
   * @throws VALUE_NOT_SERIALIZABLE as `encode` does.
   */
  check(name: string, value: unknown): void {
    if (this.kind === "custom") this.encode(name, value);
    else this.#checkStrictly(name, value);
  }

  /** @throws RECORD_CORRUPT if the codec cannot read the text. */
  decode(text: string): unknown {
    try {
      return this.#codec.parse(text);
    } catch (cause) {
      // JSON.parse quotes the text that it cannot read, which may be a secret.
      const options = this.kind === "custom" ? { cause } : undefined;
      throw recordCorrupt("a value cannot be decoded", options);
    }
  }

  #checkStrictly(name: string, value: unknown): void {
    if (typeof name !== "string") throw notSerializable("A key or kind must be text.");
    if (this.kind === "custom") return;
    const fault = jsonFault(value);
    if (fault !== undefined) {
      throw notSerializable(`${name}${fault}. Convert it, or pass a codec.`);
    }
  }
}

function badText(name: string, options?: ErrorOptions): SessionError {
  return notSerializable(
    `The codec must turn ${name} into well-formed text without NUL, tab or line feed.`,
    options,
  );
}

function notSerializable(message: string, options?: ErrorOptions): SessionError {
  return new SessionError("VALUE_NOT_SERIALIZABLE", message, options);
}
