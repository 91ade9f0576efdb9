/** What went wrong. Codes are stable across versions; each has a heading in the package's `docs/errors.md`. */
export type SessionErrorCode =
  | "INVALID_OPTION"
  | "VALUE_NOT_SERIALIZABLE"
  | "DATA_TOO_LARGE"
  | "SESSION_DESTROYED"
  | "SESSION_CONFLICT"
  | "RECORD_CORRUPT"
  | "STORE_LOCKED"
  | "STORE_CORRUPT"
  | "STORE_UNAVAILABLE"
  | "STORE_CLOSED"
  | "NOT_SUPPORTED";

// Registered, so that the ESM and the CommonJS copy of this package recognise each other's errors.
const brand = Symbol.for("@sess/core/SessionError");

/** The one class of error that core and its stores throw. Decide by `code`, never by text. */
export class SessionError extends Error {
  readonly code: SessionErrorCode;

  constructor(code: SessionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  // biome-ignore-start lint/complexity/noThisInStatic: `this` keeps a subclass from passing for all of
  // them, and a class that names itself is called `_SessionError` once it is bundled.
  /** True for the errors of every copy of this package in the process. */
  static override [Symbol.hasInstance](value: unknown): value is SessionError {
    const isBaseClass = Object.hasOwn(this.prototype, brand);
    if (!isBaseClass) return super[Symbol.hasInstance](value);
    return typeof value === "object" && value !== null && brand in value;
  }

  static {
    this.prototype.name = "SessionError";
  }
  // biome-ignore-end lint/complexity/noThisInStatic: as above.

  get [brand](): true {
    return true;
  }
}

/** A stored record, or a part of it, is not what was saved; `why` completes "cannot be read: …". */
export function recordCorrupt(why: string, options?: ErrorOptions): SessionError {
  return new SessionError("RECORD_CORRUPT", `A stored session cannot be read: ${why}.`, options);
}

/** The session was ended, expired or got a new id, here or elsewhere. */
export function sessionDestroyed(): SessionError {
  return new SessionError(
    "SESSION_DESTROYED",
    "The session has ended or got a new id. Start a new one.",
  );
}

/** Other writers came between every attempt for as long as a call may take. */
export function sessionConflict(): SessionError {
  return new SessionError("SESSION_CONFLICT", "Others kept saving the session. Try again later.");
}
