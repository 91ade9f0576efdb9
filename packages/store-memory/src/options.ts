import { SessionError } from "@sess/core";

export interface MemoryStoreOptions {
  /**
   * How many sessions are kept at most, expired ones that no sweep has met yet included. When one
   * more comes, the one goes that was saved longest ago; a touch is no save. Default: no limit.
   */
  readonly maxSessions?: number;
}

/** How many sessions may be kept, or a `SessionError` that says what to pass instead. */
export function readMaxSessions(options: MemoryStoreOptions): number {
  if (typeof options !== "object" || options === null) {
    refuse("options are an object such as { maxSessions: 10_000 }");
  }
  const unknown = Object.keys(options).find((name) => name !== "maxSessions");
  if (unknown !== undefined) refuse(`there is no option ${unknown}; there is maxSessions`);
  const { maxSessions = Number.POSITIVE_INFINITY } = options;
  if (
    options.maxSessions !== undefined &&
    !(Number.isSafeInteger(maxSessions) && maxSessions > 0)
  ) {
    refuse("maxSessions is a whole number above 0; leave it out for no limit");
  }
  return maxSessions;
}

function refuse(problem: string): never {
  throw new SessionError("INVALID_OPTION", `MemoryStore: ${problem}`);
}
