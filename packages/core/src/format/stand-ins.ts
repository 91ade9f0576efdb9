import type { SessionRecord } from "../contract/store.ts";
import { parseHeader } from "./header.ts";

// Records that stand where a session was. To every operation they are no session.

/** What a session leaves under its old id when it gets a new one. */
export interface Forwarding {
  /** The new handle. */
  readonly to: string;
  /** When it got the new id, in ms since the epoch. */
  readonly movedAt: number;
  /** The handle of the session's first id. */
  readonly root: string;
}

const FORWARDING = /^sess1m (~[\w-]{43}) (\d{1,16}) (~[\w-]{43})\n$/;

/**
 * The data of an ended mark: it stands where a session was ended whose first save may still arrive, and
 * keeps that save out.
 */
export const ENDED_MARK = "sess1e\n";

export function formatForwarding({ to, movedAt, root }: Forwarding): string {
  return `sess1m ${to} ${movedAt} ${root}\n`;
}

/** Undefined if this is a session's own record, or none. */
export function forwardingIn(record: SessionRecord | undefined): Forwarding | undefined {
  const match = record && FORWARDING.exec(record.data);
  if (!match) return undefined;
  const [, to = "", movedAt, root = ""] = match;
  return { to, movedAt: Number(movedAt), root };
}

export function isEndedMark(record: SessionRecord | undefined): boolean {
  return record?.data === ENDED_MARK;
}

/** The handle of the first id of the session that is, or was, under `handle`. */
export function rootOf(handle: string, record: SessionRecord | undefined): string {
  if (record === undefined) return handle;
  return forwardingIn(record)?.root ?? parseHeader(record.data)?.header.root ?? handle;
}
