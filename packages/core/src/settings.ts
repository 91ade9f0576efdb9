import type { Codec } from "./contract/codec.ts";
import type { Store } from "./contract/store.ts";
import { type Encoding, encodingOf } from "./format/encoding.ts";
import { LIFETIME, type Lifetime, type Policy } from "./lifetime.ts";
import { checked, methods, mustBe, oneOf, wholeNumber } from "./options.ts";

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
export interface Settings extends Policy {
  readonly store: Store;
  readonly encoding: Encoding;
  readonly sweepInterval: number;
  readonly maxBytes: number;
  readonly encrypt: boolean | "migrate";
}

const RULES = {
  ...LIFETIME,
  touchAfter: wholeNumber(0),
  // What setTimeout can wait; above, it fires at once.
  sweepInterval: wholeNumber(0, 2 ** 31 - 1),
  maxBytes: wholeNumber(1),
  store: methods("load", "save", "delete"),
  codec: methods("stringify", "parse"),
  encrypt: oneOf('true, false or "migrate"', true, false, "migrate"),
};

export function settingsOf(options: SessionManagerOptions): Settings {
  const { codec, ...given } = checked(options, RULES);
  mustBe(RULES.store, "store", given.store);
  return {
    idleTimeout: 86_400_000,
    absoluteTimeout: 2_592_000_000,
    sweepInterval: 300_000,
    maxBytes: 262_144,
    encrypt: false,
    ...given,
    encoding: encodingOf(codec),
  };
}
