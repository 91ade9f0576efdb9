/** What overrides the client's own way of decoding: text and numbers as they come. */
interface Decoding {
  readonly typeMapping?: object;
}

/**
 * What `RedisStore` calls of a client for one server, as that of the `redis` package and its pool are.
 * Typed by the call, so that any client fits that can send a command.
 */
export interface RedisClient {
  sendCommand(args: string[], options?: Decoding): Promise<unknown>;
}

/** What `RedisStore` calls of a client for a Redis Cluster, as `createCluster` of `redis` makes it. */
export interface RedisClusterClient {
  /** The primaries. */
  readonly masters: readonly object[];
  /** The client for one of them. */
  nodeClient(node: object): RedisClient | Promise<RedisClient>;
  /** Sends a command to the node that has the key: to its primary, unless it is read-only. */
  sendCommand(
    firstKey: string | undefined,
    isReadonly: boolean | undefined,
    args: string[],
    options?: Decoding,
  ): Promise<unknown>;
}
