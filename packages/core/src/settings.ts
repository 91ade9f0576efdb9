import type { Codec } from "./codec.ts";
import { SessionError } from "./errors.ts";
import { Encoding } from "./format/encoding.ts";
import { type Lifetime, LifetimePolicy } from "./lifetime.ts";
import type { Store } from "./store.ts";

export interface SessionManagerOptions extends Lifetime {
  /** Where sessions are kept. */
  store: Store;
  /** How values become text. Default: strict JSON, which refuses what JSON would alter. */
  codec?: Codec;
  /**
   * Ms that must have passed before an unchanged session is extended, at most half of the idle
   * timeout. Default: idleTimeout / 10.
   */
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
  readonly lifetime: LifetimePolicy;
  readonly encoding: Encoding;
  readonly sweepInterval: number;
  readonly maxBytes: number;
  readonly encrypt: boolean | "migrate";
  /** Of the records that this manager writes, as in their marker. */
  readonly kind: string;
}

/** A hundred years in ms: beyond it, a mistake in the unit is likelier than the wish. */
const LARGEST = 3_155_760_000_000;

/** The least and the most of each option that is a whole number. */
const NUMBERS = {
  idleTimeout: [1, LARGEST],
  absoluteTimeout: [1, LARGEST],
  touchAfter: [0, LARGEST],
  // What setTimeout can wait; above, it fires at once.
  sweepInterval: [0, 2 ** 31 - 1],
  maxBytes: [1, LARGEST],
} as const;

export function settingsOf(options: SessionManagerOptions): Settings {
  const {
    store,
    codec,
    encrypt = false,
    touchAfter,
    sweepInterval = 300_000,
    maxBytes = 262_144,
    ...lifetime
  } = checked(options, [...Object.keys(NUMBERS), "store", "codec", "encrypt"]);
  mustHave("store", store, ["load", "save", "delete"]);
  mustHave("codec", codec ?? JSON, ["stringify", "parse"]);
  if (![true, false, "migrate"].includes(encrypt)) {
    throw invalid(`encrypt must be true, false or "migrate".`);
  }
  const encoding = new Encoding(codec);
  return {
    lifetime: new LifetimePolicy(lifetime, touchAfter),
    encoding,
    sweepInterval,
    maxBytes,
    encrypt,
    kind: `${encoding.kind}${encrypt ? "s" : "p"}`,
  };
}

/** A session's own lifetime, checked and copied. */
export function ownLifetime(lifetime: Lifetime): Lifetime {
  return checked(lifetime, ["idleTimeout", "absoluteTimeout"]);
}

/**
 * A copy of the options, their names and numbers checked. A misspelt name would otherwise leave a
 * limit at its default in silence.
 */
export function checked<Options extends object>(
  options: Options,
  names: readonly string[],
): Options {
  if (Object(options) !== options) throw invalid(`Options must be an object: ${names.join(", ")}.`);
  const given = { ...options };
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw invalid(`There is no option "${unknown}", only ${names.join(", ")}.`);
  }
  for (const [name, [least, most]] of Object.entries(NUMBERS)) {
    const value: unknown = Reflect.get(given, name);
    if (value === undefined) Reflect.deleteProperty(given, name);
    else if (!Number.isInteger(value) || Number(value) < least || Number(value) > most) {
      throw invalid(`${name} must be a whole number from ${least} to ${most}.`);
    }
  }
  return given;
}

function mustHave(name: string, value: object, methods: readonly string[]): void {
  if (methods.every((method) => typeof Reflect.get(Object(value), method) === "function")) return;
  const hint = value instanceof Promise ? "; it is a promise: await it" : "";
  throw invalid(`${name} must be an object with the methods ${methods.join(", ")}${hint}.`);
}

export function invalid(message: string): SessionError {
  return new SessionError("INVALID_OPTION", message);
}
