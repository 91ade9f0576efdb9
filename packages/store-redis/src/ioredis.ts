import { checkOption, oneOf, withMethods } from "@sess/core/adapter";
import type { RedisClient, RedisClusterClient } from "./client.ts";
import { NO_PREFIX } from "./options.ts";

/** What is called, and looked at, of a client of the `ioredis` or the `iovalkey` package. */
export interface IoredisClient {
  /** The options that it was made with. */
  readonly options?: {
    readonly keyPrefix?: string | undefined;
    readonly redisOptions?: { readonly keyPrefix?: string | undefined } | undefined;
    readonly scaleReads?: unknown;
  };
  /** Sends one command and resolves to the server's reply. */
  call(command: string, ...args: string[]): Promise<unknown>;
}

/** What is called of their client for a cluster. */
export interface IoredisCluster extends IoredisClient {
  /** Tells it from a client for one server. */
  readonly isCluster: boolean;
  /** The clients for the nodes that take writes. */
  nodes(role: "master"): IoredisClient[];
  /** A method of the client for a command, which sends it by itself. */
  createBuiltinCommand(name: string): {
    string(this: IoredisCluster, ...args: string[]): Promise<unknown>;
  };
}

/**
 * Makes a client of `ioredis` or `iovalkey`, for one server or for a cluster, fit for a `RedisStore`.
 *
 * @throws INVALID_OPTION if it is no such client; if it has a `keyPrefix`, which `list` could not see
 * through; or if it is for a cluster and reads from replicas.
 */
export function fromIoredis(
  client: IoredisClient | IoredisCluster,
): RedisClient | RedisClusterClient {
  checkOption("fromIoredis", "a client of ioredis or iovalkey", client, withMethods("call"));
  const { keyPrefix, redisOptions, scaleReads = "master" } = client.options ?? {};
  checkOption("fromIoredis", "keyPrefix", keyPrefix || redisOptions?.keyPrefix, NO_PREFIX);
  if (!isCluster(client)) return oneServer(client);
  const methods = withMethods("nodes", "createBuiltinCommand");
  checkOption("fromIoredis", "a client for a cluster", client, methods);
  // A replica may hold a session as it was.
  checkOption("fromIoredis", "scaleReads", scaleReads, oneOf("master"));
  return {
    get masters() {
      return client.nodes("master").map(oneServer);
    },
    nodeClient: (node: RedisClient) => node,
    // Not call(): with enableAutoPipelining, ioredis before 5.11 and iovalkey send most calls to a wrong node.
    sendCommand: (_firstKey, _isReadonly, [name = "", ...args]) =>
      client.createBuiltinCommand(name).string.apply(client, args),
  };
}

function isCluster(client: IoredisClient | IoredisCluster): client is IoredisCluster {
  return "isCluster" in client && client.isCluster;
}

function oneServer(client: IoredisClient): RedisClient {
  return { sendCommand: ([command = "", ...args]) => client.call(command, ...args) };
}
