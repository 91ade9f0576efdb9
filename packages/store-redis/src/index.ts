export type { RedisClient, RedisClusterClient } from "./client.ts";
export { fromIoredis, type IoredisClient, type IoredisCluster } from "./ioredis.ts";
export type { RedisStoreOptions } from "./options.ts";
export { RedisStore } from "./redis-store.ts";
