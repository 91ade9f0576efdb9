import { causeOf } from "@sess/core/adapter";
import type { RedisClient, RedisClusterClient } from "./client.ts";
import { refusalOf } from "./faults.ts";
import type { Script } from "./scripts.ts";

/** Text as text and numbers as numbers, whatever the client was told to make of them. */
export const DECODING = { typeMapping: {} };

/** The way to the server, or to the primaries of a cluster. */
export class Connection {
  readonly #client: RedisClient | RedisClusterClient;
  #isSharded: boolean;
  readonly #sent = new Set<Script>();

  constructor(client: RedisClient | RedisClusterClient) {
    this.#client = client;
    this.#isSharded = isCluster(client);
  }

  /** Whether two keys may lie on two servers, so that each needs a command of its own. */
  get isSharded(): boolean {
    return this.#isSharded;
  }

  /**
   * Sends calls of one tick together. A proxy in front of a cluster refuses that before anything is done:
   * from then on the connection is sharded, and each call goes by itself.
   */
  async together<Call, Answer>(
    calls: readonly Call[],
    one: (call: Call) => Promise<Answer>,
    many: (calls: readonly Call[]) => Promise<readonly (Answer | Error)[]>,
  ): Promise<readonly (Answer | Error)[]> {
    const [first] = calls;
    try {
      return first !== undefined && calls.length === 1 ? [await one(first)] : await many(calls);
    } catch (error) {
      if (refusalOf(error) !== "CROSSSLOT") throw error;
      this.#isSharded = true;
      return Promise.all(calls.map((call) => one(call).catch(causeOf)));
    }
  }

  /** Sends `command` to the server that has `key`. */
  send(key: string, command: string[]): Promise<unknown> {
    return isCluster(this.#client)
      ? this.#client.sendCommand(key, false, command, DECODING)
      : this.#client.sendCommand(command, DECODING);
  }

  /**
   * Runs `script` on the server that has the first of `keys`. It is sent in full to a server that does not
   * know it, and the first time, so that calls behind it on the same connection can name it by its hash.
   */
  async run(script: Script, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    const [firstKey = ""] = keys;
    const rest = [String(keys.length), ...keys, ...args];
    if (this.#sent.has(script)) {
      try {
        return await this.send(firstKey, ["EVALSHA", script.hash, ...rest]);
      } catch (error) {
        if (refusalOf(error) !== "NOSCRIPT") throw error;
      }
    }
    this.#sent.add(script);
    return this.send(firstKey, ["EVAL", script.source, ...rest]);
  }

  /** The clients for all servers that have keys of their own. */
  async primaries(): Promise<readonly RedisClient[]> {
    const client = this.#client;
    if (!isCluster(client)) return [client];
    return Promise.all(client.masters.map((node) => client.nodeClient(node)));
  }
}

function isCluster(client: RedisClient | RedisClusterClient): client is RedisClusterClient {
  return "masters" in client;
}
