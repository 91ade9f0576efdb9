import { SessionError, type SessionErrorCode } from "../contract/errors.ts";
import { isObject } from "./objects.ts";

/** One way in which an engine or its driver fails. */
export interface Fault {
  /** The engine's error codes. One that ends in `*` stands for all codes that begin so: `08*`. */
  readonly codes?: readonly string[];
  /** Matches the error's text, for engines that give no code. */
  readonly text?: RegExp;
  /** @default "STORE_UNAVAILABLE" */
  readonly code?: SessionErrorCode;
  /**
   * Whether a write may have been carried out all the same, as when a connection breaks.
   * @default what `isRefusal` says of the error: one fault may come from the engine or from its driver
   */
  readonly isOutcomeUnknown?: boolean;
  /** What it means and what to do, in whole sentences. */
  readonly advice: string;
}

/** How the errors of one engine are told. */
export interface FaultTableOptions {
  /** The engine's name in messages: `PostgreSQL`. */
  readonly engine: string;
  /** The first that fits is taken. */
  readonly faults: readonly Fault[];
  /** Whether the engine itself answered with this error, and so wrote nothing. */
  readonly isRefusal: (error: unknown) => boolean;
  /**
   * The text that `Fault.text` is held against.
   * @default the messages of the error and its causes
   */
  readonly textOf?: (error: unknown) => string;
}

/** Turns an engine's errors into `SessionError`s that say what happened and what to do. */
export class FaultTable {
  readonly #options: FaultTableOptions;

  constructor(options: FaultTableOptions) {
    this.#options = options;
  }

  /** The error for a call that only reads. A `SessionError` is returned as it is. */
  readError(error: unknown): SessionError {
    return this.errorOf(`Cannot read from ${this.#options.engine}.`, error);
  }

  /**
   * The error for a call that writes: it says whether nothing was written or the outcome is unknown. A
   * `SessionError` is returned as it is.
   */
  writeError(error: unknown): SessionError {
    const { engine, isRefusal } = this.#options;
    const isOutcomeUnknown = this.find(error)?.isOutcomeUnknown ?? !isRefusal(error);
    return this.errorOf(
      isOutcomeUnknown
        ? `A write to ${engine} failed with unknown outcome: it may have happened.`
        : `Nothing was written to ${engine}.`,
      error,
    );
  }

  /** The row of the table that fits. */
  find(error: unknown): Fault | undefined {
    const codes = codesOf(error);
    const text = (this.#options.textOf ?? textOf)(error);
    return this.#options.faults.find(
      (fault) =>
        fault.codes?.some((known) => codes.some((code) => isSameCode(known, code))) ||
        fault.text?.test(text),
    );
  }

  /**
   * The error for any other call; `whatFailed` says in whole sentences what did not come about. A
   * `SessionError` is returned as it is.
   */
  errorOf(whatFailed: string, error: unknown): SessionError {
    if (error instanceof SessionError) return error;
    const fault = this.find(error);
    const advice = fault?.advice ?? `${this.#options.engine} reports a fault: see the cause.`;
    return new SessionError(fault?.code ?? "STORE_UNAVAILABLE", `${whatFailed} ${advice}`, {
      cause: causeOf(error),
    });
  }
}

/** Causes within causes that are copied: drivers wrap the engine's error once or twice. */
const DEEPEST_CAUSE = 3;

/**
 * A copy of `error` that may be shown and logged: its name, message, code, SQLSTATE and stack, and the
 * same of its causes. Drivers attach what they were sent (parameters, commands, rows), which is other people's
 * session data.
 */
export function causeOf(error: unknown): Error {
  try {
    return copyOf(error, 0);
  } catch {
    // A getter or a proxy that throws.
    return new Error("unknown error");
  }
}

function copyOf(error: unknown, depth: number): Error {
  if (!isObject(error)) return new Error(typeof error === "string" ? error : "unknown error");
  const hasCause = error["cause"] !== undefined && depth < DEEPEST_CAUSE;
  const copy = new Error(
    messageOf(error) ?? "unknown error",
    hasCause ? { cause: copyOf(error["cause"], depth + 1) } : undefined,
  );
  copy.name = textProperty(error, "name") ?? "Error";
  copy.stack = textProperty(error, "stack") ?? `${copy.name}: ${copy.message}`;
  const code = error["code"];
  const sqlState = textProperty(error, "sqlState");
  return Object.assign(
    copy,
    (typeof code === "string" || typeof code === "number") && { code },
    sqlState !== undefined && { sqlState },
  );
}

/** The engine's code for an error, such as a SQLSTATE or `ECONNREFUSED`; undefined if it has none. */
export function engineCode(error: unknown): string | undefined {
  return isObject(error) ? textProperty(error, "code") : undefined;
}

/** The codes of an error and its causes. */
function codesOf(error: unknown, depth = 0): string[] {
  if (!isObject(error) || depth > DEEPEST_CAUSE) return [];
  const code = textProperty(error, "code");
  return [...(code === undefined ? [] : [code]), ...codesOf(error["cause"], depth + 1)];
}

/** The messages of an error and its causes. */
function textOf(error: unknown, depth = 0): string {
  if (!isObject(error) || depth > DEEPEST_CAUSE) return typeof error === "string" ? error : "";
  const message = messageOf(error) ?? "";
  const cause = textOf(error["cause"], depth + 1);
  return cause === "" ? message : `${message}\n${cause}`;
}

/** What an error says. Some say it by their class alone, as the `TimeoutError` of `redis` does. */
function messageOf(error: Readonly<Record<string, unknown>>): string | undefined {
  const message = textProperty(error, "message");
  const kind = error["constructor"];
  if (message !== undefined || typeof kind !== "function") return message;
  return kind.name === "Error" || kind.name === "Object" ? undefined : kind.name;
}

function isSameCode(known: string, code: string): boolean {
  return known.endsWith("*") ? code.startsWith(known.slice(0, -1)) : code === known;
}

function textProperty(error: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = error[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
