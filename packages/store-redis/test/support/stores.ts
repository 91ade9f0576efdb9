import { randomUUID } from "node:crypto";
import { type RedisClient, type RedisClusterClient, RedisStore } from "@sess/store-redis";
import { afterTests } from "@sess/test-support";
import { createClient } from "redis";

/** Settings of a client for tests: it connects again at once, and rejects at once while it cannot. */
export function settings(url: string) {
  return {
    url,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: () => 20, connectTimeout: 2_000 },
  } as const;
}

/** A connected client, which is closed after the tests of the file. */
export async function connected(url: string) {
  const client = createClient(settings(url));
  // It connects again by itself; what it could not do its commands reject with.
  client.on("error", () => {});
  await client.connect();
  afterTests(() => client.destroy());
  return client;
}

/** A prefix that no other test has. */
export function newPrefix(): string {
  return `sess-test:${randomUUID()}:`;
}

/** A store; without a prefix it is empty and alone. */
export function newStore(
  client: RedisClient | RedisClusterClient,
  prefix = newPrefix(),
): RedisStore {
  return new RedisStore(client, { prefix });
}

/**
 * Has the store use each of its scripts once: from then on it names them by their hashes, as it mostly does.
 * It also knows the server's time then, and sends a first save as a SET.
 */
export async function useScripts(store: RedisStore): Promise<void> {
  const session = `~${"x".repeat(43)}`;
  const missing = () => store.delete(session, 1);
  await Promise.all([missing(), missing()]);
  await missing();
  await store.touch(session, 1);
  const now = Date.now();
  const record = { revision: 9, createdAt: now, expiresAt: now + 1_000, data: "" };
  await store.save(session, record);
  await store.save(session, { ...record, owner: "nobody" });
  await store.save(session, { ...record, revision: 1 });
  await store.delete(session);
}

/** What one did that rejects with this error, as `Promise.allSettled` tells it. */
export function rejectedWith(reason: unknown) {
  return { status: "rejected", reason };
}

/** What one did that resolves to this, as `Promise.allSettled` tells it. */
export function fulfilledWith(value: unknown) {
  return { status: "fulfilled", value };
}
