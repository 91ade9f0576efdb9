// Weighs the same sessions in express-session's MemoryStore, for which there are no types here.
import { randomBytes } from "node:crypto";
import { MemoryStore } from "express-session";

const [, , values = "{}"] = process.argv;
const SESSIONS = 20_000;
const DAY = 86_400_000;

function heapUsed() {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const store = new MemoryStore();
const before = heapUsed();
for (let number = 0; number < SESSIONS; number += 1) {
  const expires = new Date(Date.now() + DAY);
  const cookie = { originalMaxAge: DAY, expires, httpOnly: true, path: "/" };
  store.set(randomBytes(24).toString("base64url"), { cookie, ...JSON.parse(values) });
}
process.stdout.write(`${JSON.stringify({ perSession: (heapUsed() - before) / SESSIONS })}\n`);
// Looked at once more, or all of it would be garbage.
store.length(() => {});
