import { isObject } from "../adapter/objects.ts";
import { checkOption, checkOptions, oneOf, wholeNumber, withMethods } from "../adapter/options.ts";
import type { Codec } from "../contract/codec.ts";
import { SessionError } from "../contract/errors.ts";
import type { Lifetime } from "../contract/lifetime.ts";
import type { Store } from "../contract/store.ts";
import { isLooseJson } from "../format/loose-json.ts";
import { LIFETIME_RULES } from "../policy/lifetime-policy.ts";

/** What a `SessionManager` is made with. */
export interface SessionManagerOptions extends Lifetime {
  /** Where sessions are kept. */
  store: Store;
  /**
   * How values become text. A custom codec reads the records of JSON too; `looseJson` is JSON that alters
   * what it cannot carry.
   * @default strict JSON, which refuses what JSON would alter
   */
  codec?: Codec;
  /**
   * A custom codec whose records are read while JSON is written: deployed everywhere before it becomes
   * `codec`, and to go back from it. Not together with a custom `codec`.
   */
  reads?: Codec;
  /**
   * Milliseconds that must have passed before an unchanged session is extended again; at most half of the
   * idle timeout counts.
   * @default idleTimeout / 10
   */
  touchAfter?: number;
  /**
   * Milliseconds from the end of one sweep of expired records to the next; 0 for never. The timer keeps
   * no process alive. Unused if the store needs no sweep.
   * @default 300_000 (5 minutes)
   */
  sweepInterval?: number;
  /**
   * UTF-8 bytes of one encoded session, before encryption.
   * @default 262_144 (256 KiB)
   */
  maxBytes?: number;
  /**
   * Seals the data with a key that only the holder of the id has. `"migrate"` reads both and seals what
   * it writes; `"unseal"` reads both and writes plain. A rollout goes `"unseal"`, `"migrate"`, `true`.
   * @default false
   */
  encrypt?: boolean | "migrate" | "unseal";
}

type OptionWithoutDefault = "codec" | "reads" | "touchAfter";

/** The options, checked, with every default in place. */
export type ManagerSettings = Required<Omit<SessionManagerOptions, OptionWithoutDefault>> &
  Pick<SessionManagerOptions, OptionWithoutDefault>;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const KIBIBYTE = 1024;

/** In ms, the longest that setTimeout can wait; given more, it fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

const MANAGER = "SessionManager";

const RULES = {
  ...LIFETIME_RULES,
  store: withMethods("load", "save", "delete"),
  codec: withMethods("stringify", "parse"),
  reads: withMethods("stringify", "parse"),
  touchAfter: wholeNumber(0, undefined, "ms"),
  sweepInterval: wholeNumber(0, LONGEST_TIMER, "ms"),
  maxBytes: wholeNumber(1, undefined, "bytes"),
  encrypt: oneOf(true, false, "migrate", "unseal"),
};

/** @throws INVALID_OPTION for an option that cannot be meant. */
export function managerSettings(options: SessionManagerOptions): ManagerSettings {
  if (isObject(options)) assertNotForeign(options.store);
  const given = checkOptions(MANAGER, options, RULES);
  checkOption(MANAGER, "store", given.store, RULES.store);
  const { maxBytes } = given.store;
  if (maxBytes !== undefined) checkOption(MANAGER, "store.maxBytes", maxBytes, RULES.maxBytes);
  if (given.codec !== undefined && given.reads !== undefined && !isLooseJson(given.codec)) {
    throw new SessionError(
      "INVALID_OPTION",
      `${MANAGER}: pass codec or reads, not both. A custom codec reads the records of JSON by itself; reads is for managers that write JSON.`,
    );
  }
  return {
    idleTimeout: DAY,
    absoluteTimeout: 30 * DAY,
    sweepInterval: 5 * MINUTE,
    maxBytes: 256 * KIBIBYTE,
    encrypt: false,
    ...given,
  };
}

const STORE_OF_EXPRESS_SESSION = withMethods("get", "set", "destroy");
/** Some clients have methods of these names, too. */
const CLIENTS = [withMethods("connect"), withMethods("query")];

/** What is likely to be passed by mistake, and has other methods than a store. */
function assertNotForeign(store: unknown): void {
  if (RULES.store.accepts(store)) return;
  if (CLIENTS.some((client) => client.accepts(store))) {
    throw new SessionError(
      "INVALID_OPTION",
      `${MANAGER}: store is a client of a database. Pass a store that is made with it, one of @sess/store-*.`,
    );
  }
  if (STORE_OF_EXPRESS_SESSION.accepts(store)) {
    throw new SessionError(
      "INVALID_OPTION",
      `${MANAGER}: store is a store of express-session, such as connect-redis (get, set, destroy), whose contract is another one. Pass one of @sess/store-*, such as @sess/store-redis.`,
    );
  }
}
