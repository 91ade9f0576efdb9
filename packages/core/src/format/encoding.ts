import type { Codec } from "../contract/codec.ts";
import { recordCorrupt, SessionError } from "../contract/errors.ts";
import { jsonFault } from "./strict-json.ts";

/** What JSON never writes; the last are lone surrogates. */
const FORBIDDEN = /[\n\t\0\p{Cs}]/u;

/** Values to text and back, through the codec, with what the data format asks of the text. */
export interface Encoding {
  /** `j`son or `c`ustom. Named in each record, so that text of one kind is never read as the other. */
  readonly kind: "j" | "c";
  /** `label`, the key or the kind of message, names the value in the error. */
  encode(label: string, value: unknown): string;
  /** Throws what `encode` would throw now, for a value that is encoded later. */
  check(label: string, value: unknown): void;
  /** The value of a text; undefined where there is none. */
  decode(text: string | undefined): unknown;
}

export function encodingOf(codec: Codec | undefined): Encoding {
  function mustCarry(label: string, value: unknown): void {
    if (typeof label !== "string") throw refused("A key or kind must be text.");
    const fault = codec ? undefined : jsonFault(value);
    if (fault) throw refused(`${label}${fault}. Convert it, or pass a codec.`);
  }
  function encode(label: string, value: unknown): string {
    mustCarry(label, value);
    let options: ErrorOptions | undefined;
    try {
      const text: unknown = (codec ?? JSON).stringify(value);
      if (typeof text === "string" && !(codec && FORBIDDEN.test(text))) return text;
    } catch (cause) {
      options = { cause };
    }
    throw refused(
      `The codec must turn ${label} into well-formed text without NUL, tab or line feed.`,
      options,
    );
  }
  return {
    kind: codec ? "c" : "j",
    encode,
    check: codec ? encode : mustCarry,
    decode(text) {
      if (text === undefined) return undefined;
      try {
        return (codec ?? JSON).parse(text);
      } catch (cause) {
        // JSON.parse quotes the text that it could not read, which may be a secret.
        throw recordCorrupt("a value cannot be decoded", codec && { cause });
      }
    },
  };
}

function refused(message: string, options?: ErrorOptions): SessionError {
  return new SessionError("VALUE_NOT_SERIALIZABLE", message, options);
}
