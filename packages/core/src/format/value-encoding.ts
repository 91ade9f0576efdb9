import { shownName } from "../adapter/shown-name.ts";
import type { Codec } from "../contract/codec.ts";
import { recordCorrupt, SessionError, valueTooLarge } from "../contract/errors.ts";
import { JSON_PREFIX } from "./mixed-fields.ts";
import { jsonFault } from "./strict-json.ts";

/** What would break the line format. JSON writes none of them; `\p{Cs}` are lone surrogates. */
const FORBIDDEN = /[\n\t\0\p{Cs}]/u;

/** Turns values into the text of their lines and back, and checks what the line format asks of it. */
export interface ValueEncoding {
  /**
   * The value as text; undefined if it counts as not there, as an undefined property does in JSON. `name`,
   * the key or the kind of message, names the value in the error.
   *
   * @throws VALUE_NOT_SERIALIZABLE if the value cannot be carried unaltered; DATA_TOO_LARGE if it alone
   * takes more than a session may.
   */
  encode(name: string, value: unknown): string | undefined;

  /**
   * Checks a value that will be encoded later, as it may still be changed. One that is too large passes.
   *
   * @throws VALUE_NOT_SERIALIZABLE as `encode` does.
   */
  check(name: string, value: unknown): void;

  /** @throws RECORD_CORRUPT if the text cannot be read. */
  decode(text: string): unknown;
}

export interface JsonEncodingOptions {
  /** Whether what JSON would alter is refused. */
  readonly isStrict: boolean;
  /** UTF-8 bytes of a session: a value that takes more is not looked at any further. */
  readonly maxBytes: number;
}

/** JSON, for records of JSON alone. */
export class JsonEncoding implements ValueEncoding {
  readonly #options: JsonEncodingOptions;

  constructor(options: JsonEncodingOptions) {
    this.#options = options;
  }

  encode(name: string, value: unknown): string | undefined {
    const { isStrict, maxBytes } = this.#options;
    assertName(name);
    const fault = isStrict ? jsonFault(value, maxBytes) : undefined;
    if (fault?.kind === "too large") throw valueTooLarge(shownName(name), maxBytes);
    if (fault !== undefined) throw alteredByJson(name, value, fault.what);
    const text = stringified(JSON, name, value);
    if (text === undefined && !isStrict) return undefined;
    if (typeof text !== "string") throw badText(name);
    return text;
  }

  check(name: string, value: unknown): void {
    const { isStrict, maxBytes } = this.#options;
    if (!isStrict) {
      this.encode(name, value);
      return;
    }
    assertName(name);
    const fault = jsonFault(value, maxBytes);
    if (fault?.kind === "altered") throw alteredByJson(name, value, fault.what);
  }

  decode(text: string): unknown {
    return parsed(JSON, text);
  }
}

/** For records of a custom codec, in which lines of JSON have a tab before them. */
export class MixedEncoding implements ValueEncoding {
  readonly #codec: Codec;
  readonly #json: JsonEncoding | undefined;

  /** New values are encoded by `codec`, unless `json` is given: then they are JSON. */
  constructor(codec: Codec, json?: JsonEncoding) {
    this.#codec = codec;
    this.#json = json;
  }

  encode(name: string, value: unknown): string | undefined {
    if (this.#json === undefined) return this.#codecText(name, value);
    const text = this.#json.encode(name, value);
    return text === undefined ? undefined : JSON_PREFIX + text;
  }

  check(name: string, value: unknown): void {
    if (this.#json === undefined) this.#codecText(name, value);
    else this.#json.check(name, value);
  }

  decode(text: string): unknown {
    if (text.startsWith(JSON_PREFIX)) return parsed(JSON, text.slice(JSON_PREFIX.length));
    return parsed(this.#codec, text);
  }

  #codecText(name: string, value: unknown): string {
    assertName(name);
    const text = stringified(this.#codec, name, value);
    if (typeof text !== "string" || FORBIDDEN.test(text)) throw badText(name);
    return text;
  }
}

function alteredByJson(name: string, value: unknown, what: string): SessionError {
  const advice =
    value === undefined ? "To remove a value, use delete()." : "Convert it, or pass a codec.";
  return notSerializable(`${shownName(name)}${what}. ${advice}`);
}

function assertName(name: string): void {
  if (typeof name !== "string") throw notSerializable("A key or kind must be text.");
}

/** The codec's own error is not passed on: it may quote the value. */
function stringified(codec: Codec, name: string, value: unknown): unknown {
  try {
    return codec.stringify(value);
  } catch {
    throw notSerializable(`The codec's stringify() cannot encode ${shownName(name)}: it threw.`);
  }
}

function parsed(codec: Codec, text: string): unknown {
  try {
    return codec.parse(text);
  } catch {
    // The codec's own error is not passed on: JSON.parse quotes the text, which may be a secret.
    throw recordCorrupt("a value cannot be decoded");
  }
}

function badText(name: string): SessionError {
  return notSerializable(
    `The codec must turn ${shownName(name)} into well-formed text without NUL, tab or line feed.`,
  );
}

function notSerializable(message: string): SessionError {
  return new SessionError("VALUE_NOT_SERIALIZABLE", message);
}
