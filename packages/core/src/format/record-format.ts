import { SessionError } from "../errors.ts";
import type { Identity } from "../identity.ts";
import type { Random } from "../random.ts";
import type { Settings } from "../settings.ts";
import type { SessionRecord } from "../store.ts";
import { Fields } from "./fields.ts";
import {
	formatMarker,
	type Marker,
	NONCE_BYTES,
	parseMarker,
} from "./marker.ts";
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

	constructor(settings: Settings, random: Random) {
		this.#settings = settings;
		this.#random = random;
	}

	/** Rejects with DATA_TOO_LARGE. Each call makes a new nonce. */
	encode(identity: Identity, parts: Parts): Snapshot {
		const { owner, lifetime, fields, ...times } = parts;
		const nonce = this.#random.text(NONCE_BYTES);
		const sealed = this.#settings.encrypt !== false;
		const text = fields.text.slice(1);
		const codec = this.#settings.encoding.kind;
		const marker = formatMarker({
			codec,
			sealed,
			nonce,
			length: text.length,
			lifetime,
		});
		this.#limit(marker + text);
		const head = { ...times, ...(owner !== undefined && { owner }) };
		const body = sealed
			? seal(text, sealContext(identity, head, marker, nonce))
			: text;
		return {
			record: { ...head, data: marker + body },
			nonce,
			lifetime,
			fields,
		};
	}

	/** The state that `record` holds. Throws RECORD_CORRUPT for what does not match the settings. */
	decode(identity: Identity, record: SessionRecord): Snapshot {
		const { marker, head, body } = this.#open(record);
		const text = marker.sealed
			? unsealed(identity, record, marker, head, body)
			: body;
		if (
			text.length !== marker.length ||
			(text !== "" && !text.endsWith("\n"))
		) {
			throw corrupt("it has been cut or altered");
		}
		return {
			record,
			nonce: marker.nonce,
			lifetime: marker.lifetime,
			fields: new Fields(`\n${text}`),
		};
	}

	/** What can be known of `record` without its id: a sealed one shows no fields. */
	peek(record: SessionRecord): Snapshot {
		const { marker, body } = this.#open(record);
		const fields = marker.sealed ? Fields.none : new Fields(`\n${body}`);
		return { record, nonce: marker.nonce, lifetime: marker.lifetime, fields };
	}

	#open(record: SessionRecord): { marker: Marker; head: string; body: string } {
		const found = parseMarker(record.data);
		const times = [record.revision, record.createdAt, record.expiresAt];
		if (found === undefined || !times.every(Number.isSafeInteger)) {
			throw corrupt("it is not in the format of this version");
		}
		const { marker, size } = found;
		const { encoding, encrypt } = this.#settings;
		if (marker.codec !== encoding.kind) {
			throw corrupt(
				`it was saved with ${marker.codec === "json" ? "the default" : "a custom"} codec`,
			);
		}
		if (marker.sealed && encrypt === false) {
			throw corrupt("it is sealed and the manager has no encrypt option");
		}
		if (!marker.sealed && encrypt === true) {
			throw corrupt(`it is not sealed; encrypt: "migrate" would read it`);
		}
		return {
			marker,
			head: record.data.slice(0, size),
			body: record.data.slice(size),
		};
	}

	#limit(text: string): void {
		const { maxBytes } = this.#settings;
		if (text.length * 3 <= maxBytes) return;
		const bytes = Buffer.byteLength(text);
		if (bytes <= maxBytes) return;
		throw new SessionError(
			"DATA_TOO_LARGE",
			`The session would take ${bytes} bytes and maxBytes is ${maxBytes}. Keep large values elsewhere and their key in the session.`,
		);
	}
}

function unsealed(
	identity: Identity,
	record: SessionRecord,
	marker: Marker,
	head: string,
	body: string,
): string {
	try {
		return unseal(body, sealContext(identity, record, head, marker.nonce));
	} catch {
		throw corrupt(
			"its seal is broken: it was altered, or belongs to another session",
		);
	}
}

/** Binds the sealed text to its place, so that records cannot be swapped, aged or given away. */
function sealContext(
	identity: Identity,
	record: Omit<SessionRecord, "data" | "expiresAt">,
	marker: string,
	nonce: string,
) {
	const { revision, createdAt, owner = null } = record;
	const context = JSON.stringify([
		marker,
		identity.handle,
		revision,
		createdAt,
		owner,
	]);
	return { key: identity.sealKey, nonce, context };
}

function corrupt(why: string): SessionError {
	return new SessionError(
		"RECORD_CORRUPT",
		`A stored session cannot be read: ${why}. The record stays where it is until it is ended or expires.`,
	);
}
