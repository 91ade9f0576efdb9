import { SessionError } from "@sess/core";
import type { RedisClient, RedisClusterClient } from "./client.ts";

/** What is called of a client of the `ioredis` or the `iovalkey` package. */
export interface IoredisClient {
  readonly options?: object;
  call(command: string, ...args: string[]): Promise<unknown>;
}

/** The same of their client for a cluster. */
export interface IoredisCluster extends IoredisClient {
  readonly isCluster: boolean;
  nodes(role: "master"): IoredisClient[];
}

/**
 * Fits a client of `ioredis` or `iovalkey`, also one for a cluster. Throws `INVALID_OPTION` for one
 * with a `keyPrefix`, which listing would not see through, and for a cluster that reads from replicas.
 */
export function fromIoredis(
  client: IoredisClient | IoredisCluster,
): RedisClient | RedisClusterClient {
  if (typeof Object(client).call !== "function") {
    throw invalid("pass a client of ioredis or iovalkey.");
  }
  const { keyPrefix, scaleReads = "master", redisOptions } = Object(client.options);
  if (keyPrefix || Object(redisOptions).keyPrefix) {
    throw invalid("leave the client's keyPrefix out; the store has a prefix of its own.");
  }
  if (!isCluster(client)) return lone(client);
  if (scaleReads !== "master") {
    throw invalid("leave the client's scaleReads out: a replica may hold a session as it was.");
  }
  return {
    get masters() {
      return client.nodes("master").map(lone);
    },
    nodeClient: (node: RedisClient) => node,
    sendCommand: (_firstKey, _isReadonly, args) => lone(client).sendCommand(args),
  };
}

function isCluster(client: IoredisClient | IoredisCluster): client is IoredisCluster {
  return "isCluster" in client && client.isCluster;
}

function lone(client: IoredisClient): RedisClient {
  return { sendCommand: ([command = "", ...args]) => client.call(command, ...args) };
}

function invalid(problem: string): SessionError {
  return new SessionError("INVALID_OPTION", `fromIoredis: ${problem}`);
}
