import { isObject, type Rule, type Rules, text } from "@sess/core/adapter";

/** Options of a `RedisStore`. */
export interface RedisStoreOptions {
  /**
   * What every Redis key begins with, up to 512 bytes. Stores with different prefixes in one database
   * never see each other.
   * @default "sess:"
   */
  readonly prefix?: string;
}

export const OPTION_RULES: Rules<RedisStoreOptions> = { prefix: text(0, 512) };

/** Refuses what is no client at once: it would show only at the first session. */
export const CLIENT_RULE: Rule = {
  expected:
    "a connected client of the redis package (or one of ioredis or iovalkey through fromIoredis())",
  // A client of ioredis has a method sendCommand too, which takes something else.
  accepts: (value) =>
    isObject(value) &&
    typeof value["sendCommand"] === "function" &&
    typeof value["call"] !== "function",
};
