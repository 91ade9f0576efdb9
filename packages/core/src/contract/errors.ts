/** What went wrong. Codes are stable across versions; each has a heading in the package's `docs/errors.md`. */
export type SessionErrorCode =
  | "INVALID_OPTION"
  | "VALUE_NOT_SERIALIZABLE"
  | "DATA_TOO_LARGE"
  | "SESSION_DESTROYED"
  | "SESSION_CONFLICT"
  | "CROSS_ORIGIN"
  | "RECORD_CORRUPT"
  | "STORE_LOCKED"
  | "STORE_CORRUPT"
  | "STORE_UNAVAILABLE"
  | "STORE_CLOSED"
  | "NOT_SUPPORTED";

const HTTP_STATUS: Readonly<Record<SessionErrorCode, number>> = {
  INVALID_OPTION: 500,
  VALUE_NOT_SERIALIZABLE: 500,
  DATA_TOO_LARGE: 413,
  SESSION_DESTROYED: 401,
  SESSION_CONFLICT: 503,
  CROSS_ORIGIN: 403,
  RECORD_CORRUPT: 500,
  STORE_LOCKED: 500,
  STORE_CORRUPT: 500,
  STORE_UNAVAILABLE: 503,
  STORE_CLOSED: 503,
  NOT_SUPPORTED: 500,
};

// Registered, so that the ESM and the CommonJS copy of this package recognise each other's errors.
const brand = Symbol.for("@sess/core/SessionError");

/** The one class of error that core and its stores throw. Decide by `code`, never by text. */
export class SessionError extends Error {
  readonly code: SessionErrorCode;

  constructor(code: SessionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** The HTTP status that the code stands for. */
  get status(): number {
    return HTTP_STATUS[this.code];
  }

  // Koa assigns the status that it answers with, which is the one that it has read here.
  set status(_status: number) {}

  /** The same under the name that other frameworks look for. */
  get statusCode(): number {
    return HTTP_STATUS[this.code];
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
export function recordCorrupt(why: string): SessionError {
  return new SessionError("RECORD_CORRUPT", `A stored session cannot be read: ${why}.`);
}

/** A function came where other libraries take a callback: it would never be called. */
export function callbackRefused(call: string): SessionError {
  return new SessionError(
    "NOT_SUPPORTED",
    `${call}() takes no callback: it returns a promise. Write "await ${call}(…)".`,
  );
}

/** The session was ended, expired or got a new id, here or elsewhere. */
export function sessionDestroyed(): SessionError {
  return new SessionError(
    "SESSION_DESTROYED",
    "The session has ended or got a new id. Start a new one.",
  );
}

export function isDestroyed(error: unknown): boolean {
  return error instanceof SessionError && error.code === "SESSION_DESTROYED";
}

/** Whether a record, or the place where it lies, is damaged. */
export function isDamage(error: unknown): boolean {
  if (!(error instanceof SessionError)) return false;
  return error.code === "RECORD_CORRUPT" || error.code === "STORE_CORRUPT";
}

/** Others came between every attempt for as long as a call may take; `why` says in which way. */
export function sessionConflict(why = "Others kept saving the session."): SessionError {
  return new SessionError("SESSION_CONFLICT", `${why} Try again later.`);
}

/**
 * The store refuses a write although nothing has come between. Waiting does not help: the cause is
 * outside of the session.
 */
export function writeSuppressed(): SessionError {
  return new SessionError(
    "STORE_UNAVAILABLE",
    "The store refuses to write although nobody else has saved the session. Do the clocks of this process and the store's server differ by more than the session's timeout? Does a rule of the server (row level security, a trigger) suppress writes?",
  );
}

/** Whether a session's data does not fit, so that nothing was written. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof SessionError && error.code === "DATA_TOO_LARGE";
}

/** One value, shown as `name`, takes more than the manager's `maxBytes` for the whole session. */
export function valueTooLarge(name: string, maxBytes: number): SessionError {
  return new SessionError(
    "DATA_TOO_LARGE",
    `${name} takes more than ${maxBytes} bytes, the manager's maxBytes for one session. Keep large values elsewhere, or raise maxBytes.`,
  );
}

/** The session's data does not fit into the store, which holds `maxBytes` of UTF-8 for one. */
export function tooLargeForStore(bytes: number, maxBytes: number): SessionError {
  return new SessionError(
    "DATA_TOO_LARGE",
    `The session takes ${bytes} bytes as stored, the store's maxBytes is ${maxBytes}. Keep large values elsewhere.`,
  );
}
