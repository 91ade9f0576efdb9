import type { Environment } from "../environment.ts";
import { corrupt, SessionError } from "../errors.ts";
import type { Identity } from "../identity.ts";
import type { OwnLifetime } from "../lifetime.ts";
import type { Settings } from "../settings.ts";
import type { SessionRecord } from "../store.ts";
import { Fields } from "./fields.ts";
import { Marker, NONCE_BYTES, successorIn } from "./marker.ts";
import { type SealTerms, seal, unseal } from "./seal.ts";
import type { Snapshot } from "./snapshot.ts";

/** A record but for its data. */
export interface Frame extends Omit<SessionRecord, "data" | "owner"> {
  readonly owner?: string | undefined;
}

/**
 * A session as a record: a marker, then `text`, a line feed and the lines of its fields, sealed where
 * the settings say so. Each call makes a new nonce. Throws DATA_TOO_LARGE.
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
  const marker = Marker.of(kind, random.text(NONCE_BYTES), text.length - 1, lifetime);
  const { line, end } = marker;
  const plain = line + text;
  const bytes = plain.length * 3 > maxBytes ? Buffer.byteLength(plain) : 0;
  if (bytes > maxBytes) {
    throw new SessionError(
      "DATA_TOO_LARGE",
      `The session takes ${bytes} bytes, maxBytes is ${maxBytes}. Keep large values elsewhere.`,
    );
  }
  const data = encrypt
    ? `${line}\n${seal(text.slice(1), sealTerms(identity, frame, marker))}`
    : plain;
  return { record: recordOf(frame, data), marker, fields: new Fields(plain, end) };
}

/** Written out: a spread costs more than all the rest of an encoding. */
export function recordOf(frame: Frame, data: string): SessionRecord {
  const { revision, createdAt, expiresAt, owner } = frame;
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
  const { data, revision, createdAt, expiresAt } = record;
  const marker = typeof data === "string" ? Marker.in(data) : undefined;
  if (!marker && successorIn(record)) return undefined;
  const areNumbers = [revision, createdAt, expiresAt].every(Number.isSafeInteger);
  if (!marker || !areNumbers) throw corrupt("its format is unknown");
  const { kind, end, length } = marker;
  const isSealed = kind.endsWith("s");
  if (!kind.startsWith(encoding.kind) || (isSealed ? !encrypt : encrypt === true))
    throw corrupt("its codec or encrypt option was another");
  let text = data;
  if (isSealed) {
    if (!identity) return { record, marker, fields: Fields.none };
    text = opened(record, marker, identity);
  }
  if (text.length - end - 1 !== length || !text.endsWith("\n"))
    throw corrupt("it was altered or cut");
  return { record, marker, fields: new Fields(text, end) };
}

/** The data as it was before it was sealed; of another length where the seal is broken. */
function opened(record: SessionRecord, marker: Marker, identity: Identity): string {
  const { data } = record;
  const line = data.slice(0, marker.end + 1);
  try {
    return line + unseal(data.slice(line.length), sealTerms(identity, record, marker));
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
  return { key, nonce, context: JSON.stringify([`${line}\n`, handle, revision, createdAt, owner]) };
}
