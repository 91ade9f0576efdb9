import { recordCorrupt, SessionError } from "../contract/errors.ts";
import type { SessionRecord } from "../contract/store.ts";
import type { Environment } from "../environment.ts";
import type { Identity } from "../identity.ts";
import type { Lifetime } from "../lifetime.ts";
import type { Settings } from "../settings.ts";
import { type Fields, NO_FIELDS } from "./fields.ts";
import { seal, unseal } from "./seal.ts";
import type { Snapshot } from "./snapshot.ts";
import { successorIn } from "./successor.ts";

/** 96 bits, as AES-GCM asks for. */
const NONCE_BYTES = 12;

/**
 * The first line of a record's data: `sess1`, the codec's kind, `p`lain or `s`ealed, a nonce, the
 * length of the fields in UTF-16 units, by which a cut record is noticed, and the session's own idle
 * and absolute timeout, empty where it has none.
 */
const MARKER = /^sess1([jc])([ps]) ([\w-]{16}) (\d{1,9}) (\d{0,13}) (\d{0,13})(?=\n)/;

/** A record but for its data. */
export interface Frame extends Omit<SessionRecord, "data" | "owner"> {
  readonly owner?: string | undefined;
}

/**
 * A session as a record: a marker, then its fields, sealed where the settings say so. Each call makes
 * a new nonce, so that an attempt to save can be recognised. Throws DATA_TOO_LARGE.
 */
export function encode(
  { encoding, encrypt, maxBytes, random }: Environment,
  identity: Identity,
  frame: Frame,
  lifetime: Lifetime,
  fields: Fields,
): Snapshot {
  const nonce = random(NONCE_BYTES);
  const kind = encoding.kind + (encrypt ? "s" : "p");
  const { idleTimeout, absoluteTimeout } = lifetime;
  const own = `${idleTimeout || ""} ${absoluteTimeout || ""}`;
  const line = `sess1${kind} ${nonce} ${fields.length - 1} ${own}`;
  const plain = line + fields;
  const bytes = Buffer.byteLength(plain);
  if (bytes > maxBytes) {
    throw new SessionError(
      "DATA_TOO_LARGE",
      `The session takes ${bytes} bytes, maxBytes is ${maxBytes}. Keep large values elsewhere.`,
    );
  }
  const data = encrypt ? `${line}\n${seal(fields.slice(1), identity, frame, line, nonce)}` : plain;
  // A part of what is stored: else a session that has saved would hold its text twice.
  return { record: recordOf(frame, data), nonce, lifetime, fields: plain.slice(line.length) };
}

/** Written out: a spread costs more than all the rest of an encoding. */
export function recordOf(
  { revision, createdAt, expiresAt, owner }: Frame,
  data: string,
): SessionRecord {
  if (owner === undefined) return { revision, createdAt, expiresAt, data };
  return { revision, createdAt, expiresAt, owner, data };
}

/**
 * The state that `record` holds; undefined where the session has moved on to a new id. Without the
 * identity, a sealed one shows no fields. Throws RECORD_CORRUPT for what is damaged or does not match
 * the settings.
 */
export function decode(
  { encoding, encrypt }: Settings,
  record: SessionRecord,
  identity?: Identity,
): Snapshot | undefined {
  const { revision, data, createdAt, expiresAt } = record;
  const marker = typeof data === "string" ? MARKER.exec(data) : undefined;
  if (!marker && successorIn(record)) return undefined;
  const areNumbers = [revision, createdAt, expiresAt].every(Number.isSafeInteger);
  if (!marker || !areNumbers) throw recordCorrupt("its format is unknown");
  const [line, kind, sealed, nonce = "", length, idle, absolute] = marker;
  const isSealed = sealed === "s";
  if (kind !== encoding.kind || (encrypt !== "migrate" && encrypt !== isSealed))
    throw recordCorrupt("its codec or encrypt option was another");
  const lifetime = { idleTimeout: Number(idle), absoluteTimeout: Number(absolute) };
  let fields = data.slice(line.length);
  if (isSealed) {
    if (!identity) return { record, nonce, lifetime, fields: NO_FIELDS };
    try {
      fields = `\n${unseal(fields, identity, record, line, nonce)}`;
    } catch {
      // The seal is broken. What is left is not as long as the marker says.
      fields = "";
    }
  }
  if (fields.length - 1 !== Number(length) || !fields.endsWith("\n"))
    throw recordCorrupt("it was altered or cut");
  return { record, nonce, lifetime, fields };
}
