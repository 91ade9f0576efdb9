import type { Environment } from "../environment.ts";
import { corrupt, SessionError } from "../errors.ts";
import type { Identity } from "../identity.ts";
import type { OwnLifetime } from "../lifetime.ts";
import type { Settings } from "../settings.ts";
import type { SessionRecord } from "../store.ts";
import { Fields } from "./fields.ts";
import { type Marker, markerOf, NONCE_BYTES, parseMarker } from "./marker.ts";
import { type SealTerms, seal, unseal } from "./seal.ts";
import type { Snapshot } from "./snapshot.ts";

/** A record but for its data. */
export interface Frame extends Omit<SessionRecord, "data" | "owner"> {
  readonly owner?: string | undefined;
}

/**
 * A session as a record: a marker, then `text`, the lines of its fields, sealed where the settings
 * say so. Each call makes a new nonce. Throws DATA_TOO_LARGE.
 */
export function encode(
  { settings, random }: Pick<Environment, "settings" | "random">,
  identity: Identity,
  frame: Frame,
  lifetime: OwnLifetime,
  text: string,
): Snapshot {
  const { encoding, encrypt, maxBytes } = settings;
  const kind = encoding.kind + (encrypt ? "s" : "p");
  const marker = markerOf(kind, random.text(NONCE_BYTES), text.length, lifetime);
  const { line } = marker;
  const plain = line + text;
  const bytes = plain.length * 3 > maxBytes ? Buffer.byteLength(plain) : 0;
  if (bytes > maxBytes) {
    throw new SessionError(
      "DATA_TOO_LARGE",
      `The session takes ${bytes} bytes, maxBytes is ${maxBytes}. Keep large values elsewhere.`,
    );
  }
  const data = encrypt ? line + seal(text, sealTerms(identity, frame, marker)) : plain;
  return { record: recordOf(frame, data), marker, fields: new Fields(plain, line.length) };
}

/** Written out: a spread costs more than all the rest of an encoding. */
export function recordOf(frame: Frame, data: string): SessionRecord {
  const { revision, createdAt, expiresAt, owner } = frame;
  if (owner === undefined) return { revision, createdAt, expiresAt, data };
  return { revision, createdAt, expiresAt, owner, data };
}

/**
 * The state that `record` holds. Without the identity, a sealed one shows no fields. Throws
 * RECORD_CORRUPT for what is damaged or does not match the settings.
 */
export function decode(
  { encoding, encrypt }: Settings,
  record: SessionRecord,
  identity?: Identity,
): Snapshot {
  const { data, revision, createdAt, expiresAt } = record;
  const marker = typeof data === "string" && parseMarker(data);
  if (!marker || ![revision, createdAt, expiresAt].every(Number.isSafeInteger))
    throw corrupt("its format is unknown");
  const { kind, line, length } = marker;
  const isSealed = kind.endsWith("s");
  if (!kind.startsWith(encoding.kind) || (isSealed ? !encrypt : encrypt === true))
    throw corrupt("its codec or encrypt option was another");
  let text = data;
  if (isSealed) {
    if (!identity) return { record, marker, fields: Fields.none };
    text = opened(record, marker, identity);
  }
  if (text.length !== line.length + length || !text.endsWith("\n"))
    throw corrupt("it was altered or cut");
  return { record, marker, fields: new Fields(text, line.length) };
}

/** The data as it was before it was sealed; of another length where the seal is broken. */
function opened(record: SessionRecord, marker: Marker, identity: Identity): string {
  const { line } = marker;
  try {
    return line + unseal(record.data.slice(line.length), sealTerms(identity, record, marker));
  } catch {
    return "";
  }
}

/**
 * Binds the sealed text to its place, so that records cannot be swapped, aged or given away. The
 * expiry is not held fast: it moves without a new seal.
 */
function sealTerms(
  { sealKey: key, handle }: Identity,
  { revision, createdAt, owner }: Omit<Frame, "expiresAt">,
  { nonce, line }: Marker,
): SealTerms {
  return { key, nonce, context: JSON.stringify([line, handle, revision, createdAt, owner]) };
}
