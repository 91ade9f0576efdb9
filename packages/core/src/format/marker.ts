import { NO_LIFETIME, type OwnLifetime } from "../lifetime.ts";
import type { SessionRecord } from "../store.ts";

/** 96 bits, as AES-GCM asks for. */
export const NONCE_BYTES = 12;

const MARKER = /^sess1[jc][ps] [\w-]{16} \d{1,9} \d{0,13} \d{0,13}\n/;
const SUCCESSOR = /^sess1m (~[\w-]{43})\n$/;

/**
 * The first line of a record's data: `sess1`, the kind of what follows, a nonce, the length of the
 * fields, and the session's own idle and absolute timeout, empty where it has none. Read where it
 * stands, and as far as it is asked: an access asks for little of it.
 */
export class Marker {
  readonly #text: string;
  /** Where its line feed is. */
  readonly end: number;
  /** Of the fields, in UTF-16 units: a cut record is noticed. */
  readonly length: number;
  readonly lifetime: OwnLifetime;

  constructor(text: string, end: number, lifetime?: OwnLifetime) {
    const lengthEnd = text.indexOf(" ", 25);
    this.#text = text;
    this.end = end;
    this.length = Number(text.slice(25, lengthEnd));
    this.lifetime = lifetime ?? lifetimeIn(text.slice(lengthEnd + 1, end));
  }

  static of(kind: string, nonce: string, length: number, lifetime: OwnLifetime): Marker {
    const { idleTimeout = "", absoluteTimeout = "" } = lifetime;
    const text = `sess1${kind} ${nonce} ${length} ${idleTimeout} ${absoluteTimeout}\n`;
    return new Marker(text, text.length - 1, lifetime);
  }

  /** The marker of `data`; undefined where there is none. */
  static in(data: string): Marker | undefined {
    return MARKER.test(data) ? new Marker(data, data.indexOf("\n")) : undefined;
  }

  /** The codec's kind, `j`son or `c`ustom, and `p`lain or `s`ealed. */
  get kind(): string {
    return this.#text.slice(5, 7);
  }

  /** New for each attempt to save, so that an attempt can be recognised; also the seal's nonce. */
  get nonce(): string {
    return this.#text.slice(8, 24);
  }

  /** All this as text, without the line feed. */
  get line(): string {
    return this.#text.slice(0, this.end);
  }
}

function lifetimeIn(text: string): OwnLifetime {
  if (text === " ") return NO_LIFETIME;
  const [idle, absolute] = text.split(" ");
  return {
    idleTimeout: Number(idle) || undefined,
    absoluteTimeout: Number(absolute) || undefined,
  };
}

/** The data that stands in for a session that has moved on to a new id. */
export function formatSuccessor(handle: string): string {
  return `sess1m ${handle}\n`;
}

/** The handle that a session has moved on to; undefined where `record` is a session's own. */
export function successorIn(record: SessionRecord | undefined): string | undefined {
  return record && SUCCESSOR.exec(record.data)?.[1];
}
