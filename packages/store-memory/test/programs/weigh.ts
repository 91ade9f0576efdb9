// Weighs sessions on the heap and writes what it found as one line of JSON. Run with --expose-gc.
import { SessionManager, type SessionRecord } from "@sess/core";
import { MemoryStore } from "@sess/store-memory";
import { StoppedClock } from "@sess/test-support/clock";
import { handle } from "@sess/test-support/records";

const [, , values = "{}"] = process.argv;
const SESSIONS = 20_000;
const FEW = 300;

const LIVES = { revision: 1, createdAt: 0, expiresAt: Date.now() + 60_000 };

function heapUsed(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Bytes that each session takes if a manager creates it. */
async function perSession(): Promise<number> {
  await using sessions = new SessionManager({ store: new MemoryStore(), sweepInterval: 0 });
  const entries = Object.entries<unknown>(JSON.parse(values));
  const before = heapUsed();
  for (let number = 0; number < SESSIONS; number += 1) {
    const session = sessions.create();
    for (const [key, value] of entries) session.set(key, value);
    await session.save();
  }
  return (heapUsed() - before) / SESSIONS;
}

/** Bytes that each session takes besides its text, which comes in many short pieces. */
async function besidesText(): Promise<number> {
  await using store = new MemoryStore();
  const before = heapUsed();
  let characters = 0;
  for (let number = 0; number < SESSIONS; number += 1) {
    let data = "";
    for (let line = 0; line < 11; line += 1)
      data += `"key${line}"\t${"value ".repeat(7)}${number}\n`;
    characters += data.length;
    await store.save(handle(number), { ...LIVES, data });
  }
  return (heapUsed() - before - characters) / SESSIONS;
}

/** Bytes that are left of each of many sessions that had two owners, expired and were swept. */
async function afterSweep(): Promise<number> {
  await using store = new MemoryStore();
  const before = heapUsed();
  for (let number = 0; number < SESSIONS; number += 1) {
    const record = { ...LIVES, owner: `owner ${number}`, data: "x".repeat(600) } as const;
    await store.save(handle(number), record);
    await store.save(handle(number), { ...record, revision: 2, owner: `other ${number}` });
    await store.touch(handle(number), LIVES.expiresAt + 1);
  }
  using _ = new StoppedClock(LIVES.expiresAt + 1);
  await store.sweep();
  return (heapUsed() - before) / SESSIONS;
}

/** Bytes that are left of each of a few large sessions that were ended. */
async function afterEnd(): Promise<number> {
  await using store = new MemoryStore();
  const before = heapUsed();
  for (let number = 0; number < FEW; number += 1) {
    const record: SessionRecord = { ...LIVES, data: `${number}${"x".repeat(20_000)}` };
    await store.save(handle(number), record);
  }
  for (let number = 0; number < FEW; number += 1) await store.delete(handle(number));
  return (heapUsed() - before) / FEW;
}

async function main(): Promise<void> {
  const found = {
    perSession: await perSession(),
    besidesText: await besidesText(),
    afterSweep: await afterSweep(),
    afterEnd: await afterEnd(),
  };
  process.stdout.write(`${JSON.stringify(found)}\n`);
}

void main();
