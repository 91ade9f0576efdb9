import type { OwnLifetime } from "../lifetime.ts";
import type { SessionRecord } from "../store.ts";

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
  readonly lifetime: OwnLifetime;
  /** All this as text, with the line feed. */
  readonly line: string;
}

/** 96 bits, as AES-GCM asks for. */
export const NONCE_BYTES = 12;

const MARKER = /^sess1([jc][ps]) ([\w-]{16}) (\d{1,9}) (\d{0,13}) (\d{0,13})\n/;
const SUCCESSOR = /^sess1m (~[\w-]{43})\n$/;

export function markerOf(
  kind: string,
  nonce: string,
  length: number,
  lifetime: OwnLifetime,
): Marker {
  const { idleTimeout = "", absoluteTimeout = "" } = lifetime;
  const line = `sess1${kind} ${nonce} ${length} ${idleTimeout} ${absoluteTimeout}\n`;
  return { kind, nonce, length, lifetime, line };
}

/** The marker of `data`; undefined where there is none. */
export function parseMarker(data: string): Marker | undefined {
  const found = MARKER.exec(data);
  if (!found) return undefined;
  const [line, kind = "", nonce = "", length, idle, absolute] = found;
  const lifetime = {
    idleTimeout: Number(idle) || undefined,
    absoluteTimeout: Number(absolute) || undefined,
  };
  return { kind, nonce, length: Number(length), lifetime, line };
}

/** The data that stands in for a session that has moved on to a new id. */
export function formatSuccessor(handle: string): string {
  return `sess1m ${handle}\n`;
}

/** The handle that a session has moved on to; undefined where `record` is a session's own. */
export function successorIn(record: SessionRecord | undefined): string | undefined {
  return record && SUCCESSOR.exec(record.data)?.[1];
}
