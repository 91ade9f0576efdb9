import { recordCorrupt, SessionError } from "../contract/errors.ts";
import type { Lifetime } from "../contract/lifetime.ts";
import type { SessionRecord } from "../contract/store.ts";
import type { Identity } from "../policy/identity.ts";
import type { RandomSource } from "../policy/random-source.ts";
import { type Fields, NO_FIELDS } from "./fields-format.ts";
import { forwardedTo } from "./forwarding-record.ts";
import { formatHeader, type Header, NONCE_BYTES, parseHeader } from "./header.ts";
import { type SealBinding, seal, unseal } from "./seal.ts";
import type { Snapshot } from "./snapshot.ts";
import type { CodecKind } from "./value-encoding.ts";

/** A record without its data. */
export interface RecordFrame {
  readonly revision: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly owner: string | undefined;
}

export interface RecordFormatOptions {
  readonly codecKind: CodecKind;
  readonly encrypt: boolean | "migrate";
  /** UTF-8 bytes of one encoded session, before encryption. */
  readonly maxBytes: number;
  readonly random: RandomSource;
}

/** Sessions as records and back: a header, then the fields, sealed if the options say so. */
export class RecordFormat {
  readonly #options: RecordFormatOptions;

  constructor(options: RecordFormatOptions) {
    this.#options = options;
  }

  /**
   * The record of a session. Each call draws a new nonce, by which the attempt to save it can be
   * recognised in the store.
   *
   * @throws DATA_TOO_LARGE if it takes more than `maxBytes`.
   */
  encode(identity: Identity, frame: RecordFrame, ownLifetime: Lifetime, fields: Fields): Snapshot {
    const { codecKind, encrypt, maxBytes, random } = this.#options;
    const nonce = random.text(NONCE_BYTES);
    const isSealed = encrypt !== false;
    const header = formatHeader({
      codecKind,
      isSealed,
      nonce,
      fieldsLength: fields.length - 1,
      ownLifetime,
    });
    const plain = header + fields;
    checkSize(plain, maxBytes);
    const data = isSealed
      ? `${header}\n${seal(fields.slice(1), bindingOf(identity, frame, header, nonce))}`
      : plain;
    return {
      record: recordOf(frame, data),
      nonce,
      ownLifetime,
      // A part of what is stored: otherwise a session that has saved would hold its text twice.
      fields: plain.slice(header.length),
    };
  }

  /**
   * The state that a record holds; undefined for a forwarding record. Without the identity, a sealed
   * record shows no fields.
   *
   * @throws RECORD_CORRUPT if the record is damaged or does not match the options.
   */
  decode(record: SessionRecord, identity: Identity | undefined): Snapshot | undefined {
    const parsed = isWellFormed(record) ? parseHeader(record.data) : undefined;
    if (parsed === undefined) {
      if (forwardedTo(record) !== undefined) return undefined;
      throw recordCorrupt("its format is unknown");
    }
    const { header, line } = parsed;
    this.#checkMatchesOptions(header);
    const { nonce, ownLifetime } = header;
    if (header.isSealed && identity === undefined) {
      return { record, nonce, ownLifetime, fields: NO_FIELDS };
    }
    const body = record.data.slice(line.length);
    const fields =
      header.isSealed && identity !== undefined
        ? `\n${opened(body, bindingOf(identity, record, line, nonce))}`
        : body;
    if (fields.length - 1 !== header.fieldsLength || !fields.endsWith("\n")) {
      throw recordCorrupt("it was altered or cut");
    }
    return { record, nonce, ownLifetime, fields };
  }

  #checkMatchesOptions({ codecKind, isSealed }: Header): void {
    const { encrypt } = this.#options;
    const isSealExpected = encrypt === "migrate" || encrypt === isSealed;
    if (codecKind !== this.#options.codecKind || !isSealExpected) {
      throw recordCorrupt("its codec or encrypt option was another");
    }
  }
}

/** Spelled out: a spread costs more than all the rest of an encoding. */
export function recordOf(
  { revision, createdAt, expiresAt, owner }: RecordFrame,
  data: string,
): SessionRecord {
  if (owner === undefined) return { revision, createdAt, expiresAt, data };
  return { revision, createdAt, expiresAt, owner, data };
}

function checkSize(plain: string, maxBytes: number): void {
  const bytes = Buffer.byteLength(plain);
  if (bytes <= maxBytes) return;
  throw new SessionError(
    "DATA_TOO_LARGE",
    `The session takes ${bytes} bytes, maxBytes is ${maxBytes}. Keep large values elsewhere.`,
  );
}

/** Whether a store handed out what the contract says. */
function isWellFormed({ revision, createdAt, expiresAt, data }: SessionRecord): boolean {
  return (
    typeof data === "string" &&
    Number.isSafeInteger(revision) &&
    Number.isSafeInteger(createdAt) &&
    Number.isSafeInteger(expiresAt)
  );
}

function opened(body: string, binding: SealBinding): string {
  try {
    return unseal(body.slice(1), binding);
  } catch {
    throw recordCorrupt("it was altered or cut");
  }
}

function bindingOf(
  { sealKey, handle }: Identity,
  frame: Pick<SessionRecord, "revision" | "createdAt"> & { readonly owner?: string | undefined },
  header: string,
  nonce: string,
): SealBinding {
  const { revision, createdAt, owner } = frame;
  return { key: sealKey, nonce, header, handle, revision, createdAt, owner };
}
