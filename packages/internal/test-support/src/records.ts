import type { SessionRecord } from "@sess/core";

const HOUR = 3_600_000;

/** The handle of the session with that number: as long as a real one, and easy to tell apart. */
export function handle(number: number): string {
  return `~${String(number).padStart(43, "0")}`;
}

/** The handles of `count` sessions, from the one with the number `first` on. */
export function handles(count: number, first = 0): string[] {
  return Array.from({ length: count }, (_, index) => handle(first + index));
}

/** The record of a first save, made now, that lives for an hour. */
export function record(fields: Partial<SessionRecord> = {}): SessionRecord {
  const now = Date.now();
  return { revision: 1, createdAt: now, expiresAt: now + HOUR, data: "data", ...fields };
}
