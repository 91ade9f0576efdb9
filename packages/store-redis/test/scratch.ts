import { randomUUID } from "node:crypto";
import { afterAll } from "@jest/globals";
import type { SessionRecord } from "@sess/core";
import { type RedisClient, RedisStore } from "@sess/store-redis";
import { createClient } from "redis";

const closing: (() => unknown)[] = [];

afterAll(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Is carried out when the tests of this file are over; what came last, first. */
export function atEnd(close: () => unknown): void {
  closing.push(close);
}

/** Settings of a client for tests: it connects again at once, and answers at once while it cannot. */
export function settings(url: string) {
  return {
    url,
    disableOfflineQueue: true,
    socket: { reconnectStrategy: () => 20, connectTimeout: 2_000 },
  } as const;
}

/** A connected client, which ends with the tests. */
export async function connected(url: string) {
  const client = createClient(settings(url));
  // It connects again by itself; what it could not do its commands reject with.
  client.on("error", () => {});
  await client.connect();
  atEnd(() => client.destroy());
  return client;
}

/** A prefix that no other test has. */
export function newPrefix(): string {
  return `sess-test:${randomUUID()}:`;
}

/** A store that is empty and alone. */
export function newStore(client: RedisClient, prefix = newPrefix()): RedisStore {
  return new RedisStore(client, { prefix });
}

/** The key of the session with that number. */
export function handle(number: number): string {
  return `~${String(number).padStart(43, "0")}`;
}

export function record(fields: Partial<SessionRecord> = {}): SessionRecord {
  const now = Date.now();
  return { revision: 1, createdAt: now, expiresAt: now + 3_600_000, data: "data", ...fields };
}

/** What `promise` rejects with; fails where it does not reject. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error("did not reject");
    },
    (error: unknown) => error,
  );
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
