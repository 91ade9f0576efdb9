import type { Environment } from "../environment.ts";
import { SessionError } from "../errors.ts";
import type { Identity } from "../identity.ts";
import type { Lifetime } from "../lifetime.ts";
import type { Settings } from "../settings.ts";
import type { SessionRecord } from "../store.ts";
import { Fields } from "./fields.ts";
import { formatMarker, type Marker, NONCE_BYTES, parseMarker } from "./marker.ts";
import { type SealTerms, seal, unseal } from "./seal.ts";
import type { Snapshot } from "./snapshot.ts";

/** What goes into a record besides its nonce. */
export interface Parts extends Omit<SessionRecord, "data" | "owner"> {
  readonly owner: string | undefined;
  readonly lifetime: Lifetime;
  readonly fields: Fields;
}

/**
 * A session as a record: a marker, then the fields, sealed where the settings say so. Each call makes
 * a new nonce. Throws DATA_TOO_LARGE.
 */
export function encode(
  { settings, random }: Pick<Environment, "settings" | "random">,
  identity: Identity,
  { owner, lifetime, fields, ...times }: Parts,
): Snapshot {
  const text = fields.text.slice(1);
  const { kind } = settings;
  const marker = { kind, nonce: random.text(NONCE_BYTES), length: text.length, lifetime };
  const line = formatMarker(marker);
  limit(line + text, settings.maxBytes);
  const head = { ...times, ...(owner !== undefined && { owner }) };
  const body = settings.encrypt ? seal(text, sealTerms(identity, head, marker, line)) : text;
  return { record: { ...head, data: line + body }, marker, fields };
}

/**
 * The state that `record` holds. Without the identity, a sealed one shows no fields. Throws
 * RECORD_CORRUPT for what is damaged or does not match the settings.
 */
export function decode(settings: Settings, record: SessionRecord, identity?: Identity): Snapshot {
  const found = parseMarker(record.data);
  const { revision, createdAt, expiresAt } = record;
  if (!found || ![revision, createdAt, expiresAt].every(Number.isSafeInteger))
    throw corrupt("its format is unknown");
  const { marker, line } = found;
  const kind = settings.encrypt === "migrate" ? marker.kind.replace("p", "s") : marker.kind;
  if (kind !== settings.kind) throw corrupt("its codec or encrypt option was another");
  const body = record.data.slice(line.length);
  let fields = Fields.none;
  if (marker.kind.endsWith("p")) fields = fieldsOf(body, marker);
  else if (identity) fields = fieldsOf(body, marker, sealTerms(identity, record, marker, line));
  return { record, marker, fields };
}

function limit(text: string, maxBytes: number): void {
  const bytes = text.length * 3 > maxBytes ? Buffer.byteLength(text) : 0;
  if (bytes <= maxBytes) return;
  throw new SessionError(
    "DATA_TOO_LARGE",
    `The session takes ${bytes} bytes and maxBytes is ${maxBytes}. Keep large values elsewhere.`,
  );
}

function fieldsOf(body: string, { length }: Marker, terms?: SealTerms): Fields {
  try {
    const text = `\n${terms ? unseal(body, terms) : body}`;
    if (text.length === length + 1 && text.endsWith("\n")) return new Fields(text);
  } catch {
    // Told below: what broke the seal is not known.
  }
  throw corrupt("it was altered or cut");
}

/** Binds the sealed text to its place, so that records cannot be swapped, aged or given away. */
function sealTerms(
  { sealKey: key, handle }: Identity,
  { revision, createdAt, owner }: Omit<SessionRecord, "data" | "expiresAt">,
  { nonce }: Marker,
  line: string,
): SealTerms {
  return { key, nonce, context: JSON.stringify([line, handle, revision, createdAt, owner]) };
}

function corrupt(why: string): SessionError {
  const message = `A stored session cannot be read: ${why}.`;
  return new SessionError("RECORD_CORRUPT", message);
}
