export { orSkip, requiresAll } from "./or-skip.ts";
export { missingPgBouncer, PgBouncer } from "./pg-bouncer.ts";
export {
  missingPostgres,
  missingPostgresServer,
  type OpenPostgres,
  openPostgres,
  PostgresServer,
} from "./postgres-server.ts";
export { RedisCluster } from "./redis-cluster.ts";
export { missingRedis, missingRedisServer, openRedis, RedisServer } from "./redis-server.ts";
export { TcpProxy } from "./tcp-proxy.ts";
