// Typed by the calls that are made, so that any client fits. `typeMapping` overrides its own decoding.

/** What `RedisStore` calls of a client for one server, such as that of the `redis` package or its pool. */
export interface RedisClient {
  /** Sends one command. Resolves to the server's reply, rejects with the error that it replies. */
  sendCommand(args: string[], options?: { readonly typeMapping?: object }): Promise<unknown>;
}

/** What `RedisStore` calls of a client for a Redis Cluster, such as that of `createCluster` in `redis`. */
export interface RedisClusterClient {
  /** The nodes that take writes. */
  readonly masters: readonly object[];
  /** The client for one of `masters`. */
  nodeClient(node: object): RedisClient | Promise<RedisClient>;
  /** Sends one command to the node that has `firstKey`: to its primary, unless `isReadonly`. */
  sendCommand(
    firstKey: string | undefined,
    isReadonly: boolean | undefined,
    args: string[],
    options?: { readonly typeMapping?: object },
  ): Promise<unknown>;
}
