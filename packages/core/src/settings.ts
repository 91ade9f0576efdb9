import type { Codec } from "./codec.ts";
import { invalid } from "./errors.ts";
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
}

/** A hundred years in ms: beyond it, a mistake in the unit is likelier than the wish. */
const LARGEST = 3_155_760_000_000;

/** The least and the most of each option that is a whole number. */
const NUMBERS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  idleTimeout: [1, LARGEST],
  absoluteTimeout: [1, LARGEST],
  touchAfter: [0, LARGEST],
  // What setTimeout can wait; above, it fires at once.
  sweepInterval: [0, 2 ** 31 - 1],
  maxBytes: [1, LARGEST],
};

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
  return {
    lifetime: new LifetimePolicy(lifetime, touchAfter),
    encoding: new Encoding(codec),
    sweepInterval,
    maxBytes,
    encrypt,
  };
}

/**
 * A copy of the options, their names and numbers checked. A misspelt name would otherwise leave a
 * limit at its default in silence.
 */
export function checked<Options extends object>(
  options: Options,
  names: readonly string[],
): Options {
  const known = names.join(", ");
  if (Object(options) !== options) throw invalid(`Options must be an object: ${known}.`);
  const given = { ...options };
  const entries: [string, unknown][] = Object.entries(given);
  for (const [name, value] of entries) {
    if (!names.includes(name)) throw invalid(`There is no option "${name}", only ${known}.`);
    const [least = 0, most = 0] = NUMBERS[name] ?? [];
    const isWithin = Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
    if (value === undefined) Reflect.deleteProperty(given, name);
    else if (most > 0 && !isWithin)
      throw invalid(`${name} must be a whole number from ${least} to ${most}.`);
  }
  return given;
}

function mustHave(name: string, value: object, methods: readonly string[]): void {
  if (methods.every((method) => typeof Reflect.get(Object(value), method) === "function")) return;
  throw invalid(`${name} must be an object with the methods ${methods.join(", ")}, not a promise.`);
}
