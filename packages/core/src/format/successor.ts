import type { SessionRecord } from "../contract/store.ts";

const SUCCESSOR = /^sess1m (~[\w-]{43})\n$/;

/** The data that stands in for a session that has moved on to a new id. */
export function formatSuccessor(handle: string): string {
  return `sess1m ${handle}\n`;
}

/** The handle that a session has moved on to; undefined where `record` is a session's own. */
export function successorIn(record: SessionRecord | undefined): string | undefined {
  return record && SUCCESSOR.exec(record.data)?.[1];
}
