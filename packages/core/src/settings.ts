import type { Codec } from "./codec.ts";
import { SessionError } from "./errors.ts";
import { Encoding } from "./format/encoding.ts";
import { DEFAULT_LIFETIME, type Lifetime } from "./lifetime.ts";
import type { Store } from "./store.ts";

export interface SessionManagerOptions extends Lifetime {
  /** Where sessions are kept. */
  store: Store;
  /** How values become text. Default: strict JSON, which refuses what JSON would alter. */
  codec?: Codec;
  /** Ms that must have passed before an unchanged session is extended. Default: idleTimeout / 10. */
  touchAfter?: number;
  /**
   * Ms from the end of one sweep of expired records to the next; the timer keeps no process alive.
   * 0: never. Unused where the store needs no sweep. Default: 5 minutes.
   */
  sweepInterval?: number;
  /** Bytes of one encoded session, as UTF-8, before encryption. Default: 256 KiB. */
  maxBytes?: number;
  /**
   * Seal the data with a key that only the holder of the id has. `"migrate"` seals what it writes and
   * still reads unsealed records. Default: false.
   */
  encrypt?: boolean | "migrate";
}

/** The manager's options, checked and with every default in place. */
export interface Settings {
  readonly lifetime: Required<Lifetime>;
  readonly encoding: Encoding;
  readonly touchAfter: number | undefined;
  readonly sweepInterval: number;
  readonly maxBytes: number;
  readonly encrypt: boolean | "migrate";
}

/** A hundred years in ms: beyond it, a mistake in the unit is likelier than the wish. */
const LONGEST = 100 * 365.25 * 24 * 3_600_000;
/** The longest that `setTimeout` can wait; above it fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

const LIFETIME_NAMES = ["idleTimeout", "absoluteTimeout"];
const NAMES = [
  ...LIFETIME_NAMES,
  "store",
  "codec",
  "touchAfter",
  "sweepInterval",
  "maxBytes",
  "encrypt",
];

export function settingsOf(options: SessionManagerOptions): Settings {
  known("SessionManager", options, NAMES);
  methods("store", options.store, ["load", "save", "delete"]);
  if (options.codec !== undefined) methods("codec", options.codec, ["stringify", "parse"]);
  const { encrypt = false } = options;
  if (typeof encrypt !== "boolean" && encrypt !== "migrate") {
    throw invalid(`encrypt must be true, false or "migrate".`);
  }
  return {
    lifetime: { ...DEFAULT_LIFETIME, ...lifetimeNumbers(options) },
    encoding: new Encoding(options.codec),
    touchAfter: whole("touchAfter", options.touchAfter, 0, LONGEST),
    sweepInterval: whole("sweepInterval", options.sweepInterval, 0, LONGEST_TIMER) ?? 300_000,
    maxBytes: whole("maxBytes", options.maxBytes, 1, Number.MAX_SAFE_INTEGER) ?? 262_144,
    encrypt,
  };
}

/** A session's own lifetime, checked and copied. */
export function ownLifetime(lifetime: Lifetime): Lifetime {
  known("The lifetime", lifetime, LIFETIME_NAMES);
  return lifetimeNumbers(lifetime);
}

function lifetimeNumbers(lifetime: Lifetime): Lifetime {
  const idleTimeout = whole("idleTimeout", lifetime.idleTimeout, 1, LONGEST);
  const absoluteTimeout = whole("absoluteTimeout", lifetime.absoluteTimeout, 1, LONGEST);
  return {
    ...(idleTimeout !== undefined && { idleTimeout }),
    ...(absoluteTimeout !== undefined && { absoluteTimeout }),
  };
}

function whole(name: string, value: unknown, least: number, most: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) {
    return value;
  }
  throw invalid(`${name} must be a whole number from ${least} to ${most}.`);
}

function methods(name: string, value: unknown, names: readonly string[]): void {
  const held = value instanceof Object ? value : {};
  if (names.every((method) => typeof Reflect.get(held, method) === "function")) return;
  throw invalid(`${name} must be an object with the methods ${names.join(", ")}.`);
}

/** A misspelt option would otherwise leave a limit at its default in silence. */
function known(what: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== "object" || options === null) {
    throw invalid(`${what} needs an object of options: ${names.join(", ")}.`);
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw invalid(`${what} has no option "${unknown}". There are: ${names.join(", ")}.`);
}

function invalid(message: string): SessionError {
  return new SessionError("INVALID_OPTION", message);
}
