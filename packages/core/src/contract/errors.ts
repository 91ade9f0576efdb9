/** What went wrong, stable across versions. Each has its heading in `docs/errors.md`. */
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

// Registered, so that the ESM and the CommonJS copy of this package know each other's errors.
const brand = Symbol.for("@sess/core/SessionError");

/** The one class of error that core and its stores reject with. Decide by `code`, never by text. */
export class SessionError extends Error {
  readonly code: SessionErrorCode;

  constructor(code: SessionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  // biome-ignore-start lint/complexity/noThisInStatic: a subclass must not pass for all of them, and a
  // class that names itself is called `_SessionError` once it is bundled.
  /** True for the errors of every copy of this package in the process. */
  static override [Symbol.hasInstance](value: unknown): value is SessionError {
    const isBase = Object.hasOwn(this.prototype, brand);
    return isBase ? Object(value)[brand] === true : super[Symbol.hasInstance](value);
  }

  static {
    this.prototype.name = "SessionError";
  }
  // biome-ignore-end lint/complexity/noThisInStatic: as above.

  get [brand](): true {
    return true;
  }
}

/** `why` a stored record, or a part of it, is not what was saved. */
export function corrupt(why: string, options?: ErrorOptions): SessionError {
  return new SessionError("RECORD_CORRUPT", `A stored session cannot be read: ${why}.`, options);
}

/** What a save meets when the session was ended, expired or got a new id, here or elsewhere. */
export function gone(): SessionError {
  return new SessionError(
    "SESSION_DESTROYED",
    "The session has ended or got a new id. Start a new one.",
  );
}
