import { checkOption, isObject, type Rule, type Rules, text } from "@sess/core/adapter";

/** Options of a `RedisStore`. */
export interface RedisStoreOptions {
  /**
   * What every Redis key begins with, up to 512 bytes. Stores with different prefixes in one database
   * never see each other.
   * @default "sess:"
   */
  readonly prefix?: string;
}

/** What the options of a store must be. */
export const OPTION_RULES: Rules<RedisStoreOptions> = { prefix: text(0, 512) };

/** What a client's own prefix must be: some calls would go without it, and others' keys would be listed. */
export const NO_PREFIX: Rule = {
  expected: "left out (the store has an option prefix)",
  accepts: (prefix) => prefix === undefined || prefix === "",
};

const CLIENT: Rule = {
  expected:
    "a connected client of the redis package (or one of ioredis or iovalkey through fromIoredis())",
  // A client of ioredis has a method sendCommand too, which takes something else.
  accepts: (value) =>
    isObject(value) &&
    typeof value["sendCommand"] === "function" &&
    typeof value["call"] !== "function",
};

/**
 * Refuses what is no client, or not a fit one, at once: it would show only at the first session, or never.
 *
 * @throws INVALID_OPTION
 */
export function checkClient(client: unknown): void {
  checkOption("RedisStore", "client", client, CLIENT);
  // Clients of redis 6 have it. Their sendCommand() leaves it out.
  const prefix = isObject(client) ? client["_keyPrefix"] : undefined;
  checkOption("RedisStore", "the client's keyPrefix", prefix, NO_PREFIX);
}
