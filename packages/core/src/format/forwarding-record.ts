import type { SessionRecord } from "../contract/store.ts";

const FORWARDING = /^sess1m (~[\w-]{43})\n$/;

/** The data of the record that a session leaves under its old id when it gets a new one. */
export function formatForwarding(newHandle: string): string {
  return `sess1m ${newHandle}\n`;
}

/** The handle that the session has moved to; undefined if this is a session's own record, or none. */
export function forwardedTo(record: SessionRecord | undefined): string | undefined {
  return record && FORWARDING.exec(record.data)?.[1];
}
