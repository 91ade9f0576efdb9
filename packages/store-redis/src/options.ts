import { SessionError } from "@sess/core";

export interface RedisStoreOptions {
  /**
   * What every key begins with. Stores with different prefixes in one database never see each other.
   * Default: `"sess:"`.
   */
  readonly prefix?: string;
}

/** The prefix, or a `SessionError` that says what to pass instead. */
export function readPrefix(options: RedisStoreOptions): string {
  if (typeof options !== "object" || options === null) {
    throw invalid('options are an object such as { prefix: "sess:" }');
  }
  const unknown = Object.keys(options).find((name) => name !== "prefix");
  if (unknown !== undefined) throw invalid(`there is no option ${unknown}; there is prefix`);
  const { prefix = "sess:" } = options;
  if (typeof prefix !== "string" || !prefix.isWellFormed()) {
    throw invalid('prefix is text such as "sess:"; leave it out for that');
  }
  return prefix;
}

/** Refuses what is no client, so that it does not show only at the first session. */
export function checkClient(client: unknown): void {
  const { sendCommand, call } = Object(client);
  // A client of ioredis has a method of that name, which takes something else.
  if (typeof sendCommand === "function" && typeof call !== "function") return;
  throw invalid(
    "pass a connected client of the redis package; one of ioredis or iovalkey through fromIoredis()",
  );
}

function invalid(problem: string): SessionError {
  return new SessionError("INVALID_OPTION", `RedisStore: ${problem}`);
}
