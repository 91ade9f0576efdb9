import { recordCorrupt, SessionError } from "../contract/errors.ts";
import type { Lifetime } from "../contract/lifetime.ts";
import type { SessionRecord } from "../contract/store.ts";
import type { Identity } from "../policy/identity.ts";
import type { RandomSource } from "../policy/random-source.ts";
import { type Fields, NO_FIELDS } from "./fields-format.ts";
import { type CodecKind, formatHeader, type Header, NONCE_BYTES, parseHeader } from "./header.ts";
import { jsonFromMixed, jsonLinesIn, mixedFromJson } from "./mixed-fields.ts";
import { type SealBinding, seal, unseal } from "./seal.ts";
import type { Snapshot } from "./snapshot.ts";
import { forwardingIn, isEndedMark } from "./stand-ins.ts";

/** What a session is saved as, besides its fields. */
export interface RecordFrame {
  readonly revision: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly owner: string | undefined;
  readonly ownLifetime: Lifetime;
  /** The handle of the session's first id; undefined if it still has that. */
  readonly root: string | undefined;
}

/**
 * Which codecs a manager knows. "json": JSON alone. "codec": it writes with a custom codec and reads JSON
 * too. "reads": it writes JSON and reads the custom codec too.
 */
export type CodecMode = "json" | "codec" | "reads";

export interface RecordFormatOptions {
  readonly codecMode: CodecMode;
  readonly encrypt: boolean | "migrate" | "unseal";
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
   * The record of a session. Each call draws a new nonce, so no two records are alike.
   *
   * @throws DATA_TOO_LARGE if it takes more than `maxBytes`.
   */
  encode(identity: Identity, frame: RecordFrame, fields: Fields): Snapshot {
    const { encrypt, maxBytes, random } = this.#options;
    const nonce = random.text(NONCE_BYTES);
    const isSealed = encrypt === true || encrypt === "migrate";
    const { codecKind, body } = this.#body(fields);
    const { ownLifetime, root } = frame;
    const header = formatHeader({
      codecKind,
      isSealed,
      nonce,
      fieldsLength: body.length - 1,
      ownLifetime,
      root,
    });
    const plain = header + body;
    checkSize(plain, maxBytes);
    const data = isSealed
      ? `${header}\n${seal(body.slice(1), bindingOf(identity, frame, header, nonce))}`
      : plain;
    return {
      record: recordOf(frame, data),
      ownLifetime,
      root,
      // A part of what is stored: otherwise a session that has saved would hold its text twice.
      fields: body === fields ? plain.slice(header.length) : fields,
    };
  }

  /**
   * The state that a record holds; undefined if it is no session's: a forwarding record or an ended mark.
   * Without the identity, a sealed record shows no fields.
   *
   * @throws RECORD_CORRUPT if the record is damaged or does not match the options.
   */
  decode(record: SessionRecord, identity: Identity | undefined): Snapshot | undefined {
    const parsed = isWellFormed(record) ? parseHeader(record.data) : undefined;
    if (parsed === undefined) {
      if (isEndedMark(record) || forwardingIn(record) !== undefined) return undefined;
      throw recordCorrupt("its format is unknown");
    }
    const { header, line } = parsed;
    this.#assertReadable(header);
    const { ownLifetime, root } = header;
    if (header.isSealed && identity === undefined) {
      return { record, ownLifetime, root, fields: NO_FIELDS };
    }
    const stored = record.data.slice(line.length);
    const body =
      header.isSealed && identity !== undefined
        ? `\n${opened(stored, bindingOf(identity, record, line, header.nonce))}`
        : stored;
    if (body.length - 1 !== header.fieldsLength || !body.endsWith("\n")) {
      throw recordCorrupt("it was altered or cut");
    }
    return { record, ownLifetime, root, fields: this.#fieldsOf(header.codecKind, body) };
  }

  /** Fields as they are stored: a manager that only reads a custom codec writes JSON where it can. */
  #body(fields: Fields): { codecKind: CodecKind; body: Fields } {
    const { codecMode } = this.#options;
    if (codecMode === "json") return { codecKind: "json", body: fields };
    const json = codecMode === "reads" ? jsonFromMixed(fields) : undefined;
    if (json !== undefined) return { codecKind: "json", body: json };
    return { codecKind: "custom", body: fields };
  }

  #fieldsOf(codecKind: CodecKind, body: Fields): Fields {
    const isMixed = this.#options.codecMode !== "json";
    return isMixed && codecKind === "json" ? mixedFromJson(body) : body;
  }

  #assertReadable({ codecKind, isSealed }: Header): void {
    const { codecMode, encrypt } = this.#options;
    if (codecKind === "custom" && codecMode === "json") {
      throw recordCorrupt(
        "it was saved with a custom codec, and this manager has none; pass the same codec, or as `reads`",
      );
    }
    if (isSealed && encrypt === false) {
      throw recordCorrupt(
        'it is sealed, and this manager has encrypt: false; pass encrypt: true, or "unseal" to go back to plain records',
      );
    }
    if (!isSealed && encrypt === true) {
      throw recordCorrupt(
        'it is not sealed, and this manager has encrypt: true; pass encrypt: "migrate" until all records are sealed',
      );
    }
  }
}

/** A record without data that is a session's, or stands where one was. */
type BareFrame = Pick<RecordFrame, "revision" | "createdAt" | "expiresAt" | "owner">;

/** Spelled out: a spread costs more than all the rest of an encoding. */
export function recordOf(
  { revision, createdAt, expiresAt, owner }: BareFrame,
  data: string,
): SessionRecord {
  if (owner === undefined) return { revision, createdAt, expiresAt, data };
  return { revision, createdAt, expiresAt, owner, data };
}

function checkSize(plain: string, maxBytes: number): void {
  const bytes = Buffer.byteLength(plain);
  // What fitted as JSON still fits when a custom codec takes over.
  if (bytes <= maxBytes || bytes - jsonLinesIn(plain) <= maxBytes) return;
  throw new SessionError(
    "DATA_TOO_LARGE",
    `The session takes ${bytes} bytes, the manager's maxBytes is ${maxBytes}. Keep large values elsewhere, or raise maxBytes.`,
  );
}

/** Whether a store handed out what the contract says. */
function isWellFormed({ revision, createdAt, expiresAt, data }: SessionRecord): boolean {
  return (
    typeof data === "string" &&
    Number.isSafeInteger(revision) &&
    // Without a next revision it could never be saved again.
    revision < Number.MAX_SAFE_INTEGER &&
    Number.isSafeInteger(createdAt) &&
    Number.isSafeInteger(expiresAt)
  );
}

function opened(stored: string, binding: SealBinding): string {
  try {
    return unseal(stored.slice(1), binding);
  } catch {
    throw recordCorrupt("it was altered or cut");
  }
}

function bindingOf(
  { sealKey, handle }: Identity,
  { createdAt, owner }: { readonly createdAt: number; readonly owner?: string | undefined },
  header: string,
  nonce: string,
): SealBinding {
  return { key: sealKey, nonce, header, handle, createdAt, owner };
}
