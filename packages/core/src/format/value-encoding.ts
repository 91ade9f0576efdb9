import { shownName } from "../adapter/shown-name.ts";
import type { Codec } from "../contract/codec.ts";
import { recordCorrupt, SessionError } from "../contract/errors.ts";
import { JSON_PREFIX } from "./mixed-fields.ts";
import { jsonFault } from "./strict-json.ts";

/** What would break the line format. JSON writes none of them; `\p{Cs}` are lone surrogates. */
const FORBIDDEN = /[\n\t\0\p{Cs}]/u;

/** Turns values into the text of their lines and back, and checks what the line format asks of it. */
export interface ValueEncoding {
  /**
   * `name`, the key or the kind of message, names the value in the error.
   *
   * @throws VALUE_NOT_SERIALIZABLE if the value cannot be carried unaltered.
   */
  encode(name: string, value: unknown): string;

  /**
   * Checks a value that will be encoded later, as it may still be changed.
   *
   * @throws VALUE_NOT_SERIALIZABLE as `encode` does.
   */
  check(name: string, value: unknown): void;

  /** @throws RECORD_CORRUPT if the text cannot be read. */
  decode(text: string): unknown;
}

/** Strict JSON, for records of JSON alone. */
export class JsonEncoding implements ValueEncoding {
  encode(name: string, value: unknown): string {
    return jsonText(name, value);
  }

  check(name: string, value: unknown): void {
    assertJson(name, value);
  }

  decode(text: string): unknown {
    return parsed(JSON, text);
  }
}

/** For records of a custom codec, in which lines of JSON have a tab before them. */
export class MixedEncoding implements ValueEncoding {
  readonly #codec: Codec;
  readonly #writesJson: boolean;

  /** `writes`: how new values are encoded. */
  constructor(codec: Codec, writes: "codec" | "json") {
    this.#codec = codec;
    this.#writesJson = writes === "json";
  }

  encode(name: string, value: unknown): string {
    return this.#writesJson
      ? JSON_PREFIX + jsonText(name, value)
      : codecText(this.#codec, name, value);
  }

  check(name: string, value: unknown): void {
    if (this.#writesJson) assertJson(name, value);
    else this.encode(name, value);
  }

  decode(text: string): unknown {
    if (text.startsWith(JSON_PREFIX)) return parsed(JSON, text.slice(JSON_PREFIX.length));
    return parsed(this.#codec, text);
  }
}

function jsonText(name: string, value: unknown): string {
  assertJson(name, value);
  const text = stringified(JSON, name, value);
  if (typeof text !== "string") throw badText(name);
  return text;
}

function codecText(codec: Codec, name: string, value: unknown): string {
  assertName(name);
  const text = stringified(codec, name, value);
  if (typeof text !== "string" || FORBIDDEN.test(text)) throw badText(name);
  return text;
}

function assertJson(name: string, value: unknown): void {
  assertName(name);
  let fault: string | undefined;
  try {
    fault = jsonFault(value);
  } catch {
    // A getter or a proxy that throws.
    throw notSerializable(`${shownName(name)} cannot be read: a part of it throws.`);
  }
  if (fault === undefined) return;
  throw notSerializable(`${shownName(name)}${fault}. Convert it, or pass a codec.`);
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
