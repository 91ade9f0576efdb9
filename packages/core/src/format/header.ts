import type { Lifetime } from "../contract/lifetime.ts";

/**
 * How a record's values are encoded. "json": every line is JSON. "custom": a line is the custom codec's,
 * or JSON with a tab before it, from before the codec was introduced.
 */
export type CodecKind = "json" | "custom";

/** What the first line of a record's data says. */
export interface Header {
  readonly codecKind: CodecKind;
  readonly isSealed: boolean;
  /** 96 random bits in base64url, drawn for the attempt that saved the record. AES-GCM asks for that length. */
  readonly nonce: string;
  /** The length of the fields in UTF-16 units: it shows that a record has been cut. */
  readonly fieldsLength: number;
  readonly ownLifetime: Lifetime;
  /** The handle of the session's first id; undefined if it still has that. */
  readonly root: string | undefined;
}

/** As many as AES-GCM asks for. */
export const NONCE_BYTES = 12;

const CODEC_LETTERS: Readonly<Record<CodecKind, string>> = { json: "j", custom: "c" };

/**
 * `sess1`, the codec's letter, `p`lain or `s`ealed, the nonce, the fields' length, the session's own idle
 * and absolute timeout in ms, empty if it has none, and its root, empty if it has never moved.
 */
const HEADER = /^sess1([jc])([ps]) ([\w-]{16}) (\d{1,9}) (\d{0,13}) (\d{0,13}) (~[\w-]{43}|)(?=\n)/;

const NO_OWN_LIFETIME: Lifetime = Object.freeze({});

/** The header's line, without its line feed. */
export function formatHeader(header: Header): string {
  const { idleTimeout = "", absoluteTimeout = "" } = header.ownLifetime;
  const kind = `${CODEC_LETTERS[header.codecKind]}${header.isSealed ? "s" : "p"}`;
  const root = header.root ?? "";
  return `sess1${kind} ${header.nonce} ${header.fieldsLength} ${idleTimeout} ${absoluteTimeout} ${root}`;
}

/** The header that `data` begins with, and its text; undefined if there is none. */
export function parseHeader(data: string): { header: Header; line: string } | undefined {
  const match = HEADER.exec(data);
  if (match === null) return undefined;
  const [line, codec, seal, nonce = "", length, idle = "", absolute = "", root = ""] = match;
  const header: Header = {
    codecKind: codec === CODEC_LETTERS.json ? "json" : "custom",
    isSealed: seal === "s",
    nonce,
    fieldsLength: Number(length),
    ownLifetime: ownLifetimeOf(idle, absolute),
    root: root === "" ? undefined : root,
  };
  return { header, line };
}

function ownLifetimeOf(idle: string, absolute: string): Lifetime {
  if (idle === "" && absolute === "") return NO_OWN_LIFETIME;
  return {
    ...(idle !== "" && { idleTimeout: Number(idle) }),
    ...(absolute !== "" && { absoluteTimeout: Number(absolute) }),
  };
}
