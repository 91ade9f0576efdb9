import type { RedisClient, RedisClusterClient } from "./client.ts";
import { isForgotten } from "./engine-errors.ts";
import type { Script } from "./script.ts";

// Text as text, whatever the client was told to make of it.
const DECODING = { typeMapping: {} };

/** The server or the cluster. Each command goes to the primary that has its key. */
export class Connection {
  readonly #client: RedisClient | RedisClusterClient;
  readonly #sent = new Set<Script>();

  constructor(client: RedisClient | RedisClusterClient) {
    this.#client = client;
  }

  /** Whether two keys may lie on two servers. */
  get isSharded(): boolean {
    return isCluster(this.#client);
  }

  send(key: string, command: string[]): Promise<unknown> {
    return isCluster(this.#client)
      ? this.#client.sendCommand(key, false, command, DECODING)
      : this.#client.sendCommand(command, DECODING);
  }

  /**
   * The first of `keys` decides who runs it. A script is sent in full the first time, so that a call
   * behind it on the same connection can name it by its hash. Another server may not know it yet, or
   * have forgotten it: then it is sent in full again.
   */
  async run(script: Script, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    const [first = ""] = keys;
    const rest = [String(keys.length), ...keys, ...args];
    const inFull = () => this.send(first, ["EVAL", script.source, ...rest]);
    if (!this.#sent.has(script)) {
      this.#sent.add(script);
      return inFull();
    }
    try {
      return await this.send(first, ["EVALSHA", script.sha, ...rest]);
    } catch (error) {
      if (!isForgotten(error)) throw error;
      return inFull();
    }
  }

  /** Every server that has keys of its own. */
  async primaries(): Promise<RedisClient[]> {
    const client = this.#client;
    if (!isCluster(client)) return [client];
    return Promise.all(client.masters.map((node) => client.nodeClient(node)));
  }
}

function isCluster(client: RedisClient | RedisClusterClient): client is RedisClusterClient {
  return "masters" in client;
}
