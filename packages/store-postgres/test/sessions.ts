import type { SessionRecord } from "@sess/core";

/** The key of the session with that number. */
export function handle(number: number): string {
  return `~${String(number).padStart(43, "0")}`;
}

export function handles(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => handle(from + index));
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
