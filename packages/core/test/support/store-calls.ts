import type { SessionRecord } from "@sess/core";

/** The keys of two sessions. */
export const [KEY, OTHER] = [`~${"a".repeat(43)}`, `~${"b".repeat(43)}`];

/** A record that lives for an hour. */
export function record(revision = 1): SessionRecord {
  const now = Date.now();
  return { revision, createdAt: now, expiresAt: now + 3_600_000, owner: "ada", data: "data" };
}

/** Whether a promise is still pending when everything that could go on has gone on. */
export async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  void promise.then(settle, settle);
  await new Promise((go) => setImmediate(go));
  return !isSettled;
}
