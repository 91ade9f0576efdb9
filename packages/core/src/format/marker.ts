import type { Lifetime } from "../lifetime.ts";

/**
 * The first line of a record's data: `sess1`, the codec's kind (`j`son or `c`ustom), `p`lain or
 * `s`ealed, a nonce, the length of what follows, and the session's own lifetime where it has one.
 */
export interface Marker {
	readonly codec: "json" | "custom";
	readonly sealed: boolean;
	/** New for each attempt to save, so that an attempt can be recognised; also the seal's nonce. */
	readonly nonce: string;
	/** UTF-16 units after the marker: a cut record is noticed. */
	readonly length: number;
	readonly lifetime: Lifetime;
}

/** 96 bits, as AES-GCM asks for. */
export const NONCE_BYTES = 12;

const MARKER = /^sess1([jc])([ps]) ([\w-]{16}) (\d+)(?: (\d*) (\d*))?\n/;
const SUCCESSOR = /^sess1m (~[\w-]{43})\n$/;

/** The marker with its line feed. */
export function formatMarker(marker: Marker): string {
	const { idleTimeout, absoluteTimeout } = marker.lifetime;
	const own = idleTimeout !== undefined || absoluteTimeout !== undefined;
	const lifetime = own ? ` ${idleTimeout ?? ""} ${absoluteTimeout ?? ""}` : "";
	const kind = `${marker.codec === "json" ? "j" : "c"}${marker.sealed ? "s" : "p"}`;
	return `sess1${kind} ${marker.nonce} ${marker.length}${lifetime}\n`;
}

/** The marker of `data` and how many characters it takes; undefined where there is none. */
export function parseMarker(
	data: string,
): { marker: Marker; size: number } | undefined {
	const found = MARKER.exec(data);
	if (found === null) return undefined;
	const [line, codec, sealed, nonce = "", length, idle, absolute] = found;
	const marker: Marker = {
		codec: codec === "j" ? "json" : "custom",
		sealed: sealed === "s",
		nonce,
		length: Number(length),
		lifetime: {
			...(idle && { idleTimeout: Number(idle) }),
			...(absolute && { absoluteTimeout: Number(absolute) }),
		},
	};
	return { marker, size: line.length };
}

/** The data that stands in for a session that has moved on to a new id. */
export function formatSuccessor(handle: string): string {
	return `sess1m ${handle}\n`;
}

/** The handle that a session has moved on to; undefined where `data` is a session's own. */
export function parseSuccessor(data: string): string | undefined {
	return SUCCESSOR.exec(data)?.[1];
}
