import { type Lifetime, MANAGERS } from "../lifetime.ts";

/**
 * The first line of a record's data: `sess1`, the kind of what follows, a nonce, the length of the
 * fields, and the session's own idle and absolute timeout, empty where it has none.
 */
export interface Marker {
  /** The codec's kind, `j`son or `c`ustom, and `p`lain or `s`ealed. */
  readonly kind: string;
  /** New for each attempt to save, so that an attempt can be recognised; also the seal's nonce. */
  readonly nonce: string;
  /** Of the fields, in UTF-16 units: a cut record is noticed. */
  readonly length: number;
  readonly lifetime: Lifetime;
}

/** 96 bits, as AES-GCM asks for. */
export const NONCE_BYTES = 12;

const MARKER = /^sess1([jc][ps]) ([\w-]{16}) (\d{1,9}) (\d{0,13}) (\d{0,13})\n/;
const SUCCESSOR = /^sess1m (~[\w-]{43})\n$/;

/** The marker with its line feed. */
export function formatMarker({ kind, nonce, length, lifetime }: Marker): string {
  const { idleTimeout = "", absoluteTimeout = "" } = lifetime;
  return `sess1${kind} ${nonce} ${length} ${idleTimeout} ${absoluteTimeout}\n`;
}

/** The marker of `data` and its text; undefined where there is none. */
export function parseMarker(data: string): { marker: Marker; line: string } | undefined {
  const found = MARKER.exec(data);
  if (found === null) return undefined;
  const [line, kind = "", nonce = "", length, idle, absolute] = found;
  const lifetime = idle || absolute ? ownLifetime(idle, absolute) : MANAGERS;
  return { marker: { kind, nonce, length: Number(length), lifetime }, line };
}

function ownLifetime(idle = "", absolute = ""): Lifetime {
  return {
    ...(idle && { idleTimeout: Number(idle) }),
    ...(absolute && { absoluteTimeout: Number(absolute) }),
  };
}

/** The data that stands in for a session that has moved on to a new id. */
export function formatSuccessor(handle: string): string {
  return `sess1m ${handle}\n`;
}

/** The handle that a session has moved on to; undefined where `data` is a session's own. */
export function parseSuccessor(data: string): string | undefined {
  return SUCCESSOR.exec(data)?.[1];
}
