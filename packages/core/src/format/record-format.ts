import { SessionError } from "../errors.ts";
import type { Identity } from "../identity.ts";
import type { Random } from "../random.ts";
import type { Settings } from "../settings.ts";
import type { SessionRecord } from "../store.ts";
import { Fields } from "./fields.ts";
import { formatMarker, type Marker, NONCE_BYTES, parseMarker } from "./marker.ts";
import { seal, unseal } from "./seal.ts";
import type { Snapshot } from "./snapshot.ts";

/** What goes into a record besides its nonce. */
export interface Parts
  extends Omit<SessionRecord, "data" | "owner">,
    Pick<Snapshot, "lifetime" | "fields"> {
  readonly owner: string | undefined;
}

/** Sessions to records and back: a marker, then the fields, sealed where the settings say so. */
export class RecordFormat {
  readonly #settings: Settings;
  readonly #random: Random;
  /** Of what this manager writes. */
  readonly #kind: string;

  constructor(settings: Settings, random: Random) {
    this.#settings = settings;
    this.#random = random;
    this.#kind = `${settings.encoding.kind}${settings.encrypt ? "s" : "p"}`;
  }

  /** Throws DATA_TOO_LARGE. Each call makes a new nonce. */
  encode(identity: Identity, { owner, lifetime, fields, ...times }: Parts): Snapshot {
    const nonce = this.#random.text(NONCE_BYTES);
    const text = fields.text.slice(1);
    const marker = formatMarker({ kind: this.#kind, nonce, length: text.length, lifetime });
    this.#limit(marker + text);
    const head = { ...times, ...(owner !== undefined && { owner }) };
    const sealed = this.#settings.encrypt;
    const body = sealed ? seal(text, sealContext(identity, head, marker, nonce)) : text;
    return { record: { ...head, data: marker + body }, nonce, lifetime, fields };
  }

  /**
   * The state that `record` holds. Without the identity, a sealed one shows no fields. Throws
   * RECORD_CORRUPT for what is damaged or does not match the settings.
   */
  decode(record: SessionRecord, identity?: Identity): Snapshot {
    const { marker, line } = this.#marker(record);
    const { nonce, lifetime } = marker;
    const body = record.data.slice(line.length);
    if (!marker.kind.endsWith("s")) {
      return { record, nonce, lifetime, fields: fieldsOf(body, marker) };
    }
    if (identity === undefined) return { record, nonce, lifetime, fields: Fields.none };
    const text = unsealed(body, sealContext(identity, record, line, nonce));
    return { record, nonce, lifetime, fields: fieldsOf(text, marker) };
  }

  #marker(record: SessionRecord) {
    const found = parseMarker(record.data);
    const times = [record.revision, record.createdAt, record.expiresAt];
    if (found === undefined || !times.every(Number.isSafeInteger)) {
      throw corrupt("it is not in this version's format");
    }
    const { kind } = found.marker;
    const migrating = this.#settings.encrypt === "migrate" && kind === `${this.#kind[0]}p`;
    if (kind === this.#kind || migrating) return found;
    throw corrupt(`it is ${describe(kind)}, and this manager reads what is ${describe(this.#kind)}`);
  }

  #limit(text: string): void {
    const { maxBytes } = this.#settings;
    if (text.length * 3 <= maxBytes) return;
    const bytes = Buffer.byteLength(text);
    if (bytes <= maxBytes) return;
    throw new SessionError(
      "DATA_TOO_LARGE",
      `The session would take ${bytes} bytes; maxBytes is ${maxBytes}. Keep large values elsewhere and their key in the session.`,
    );
  }
}

function fieldsOf(text: string, { length }: Marker): Fields {
  if (text.length === length && `\n${text}`.endsWith("\n")) return new Fields(`\n${text}`);
  throw corrupt("it was cut or altered");
}

function unsealed(body: string, context: ReturnType<typeof sealContext>): string {
  try {
    return unseal(body, context);
  } catch {
    throw corrupt("it was altered, or belongs to another session");
  }
}

/** Binds the sealed text to its place, so that records cannot be swapped, aged or given away. */
function sealContext(
  { sealKey: key, handle }: Identity,
  { revision, createdAt, owner }: Omit<SessionRecord, "data" | "expiresAt">,
  marker: string,
  nonce: string,
) {
  return { key, nonce, context: JSON.stringify([marker, handle, revision, createdAt, owner ?? null]) };
}

function describe(kind: string): string {
  const codec = kind.startsWith("j") ? "the default codec" : "a codec option";
  return `saved with ${codec} and ${kind.endsWith("s") ? "sealed" : "not sealed"}`;
}

function corrupt(why: string): SessionError {
  return new SessionError(
    "RECORD_CORRUPT",
    `A stored session cannot be read: ${why}. The record stays until it is ended or expires.`,
  );
}
