// Weighs the heap before, with and after so many sessions of one second in memory; tells it as JSON.
import { SessionManager } from "@sess/core";
import { MemoryStore } from "@sess/store-memory";
import { StoppedClock } from "@sess/test-support/clock";

const SESSIONS = Number(process.argv[2]);

function heap(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

async function fill(sessions: SessionManager, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const session = sessions.create();
    session.set("number", number);
    if (number % 10 === 0) session.owner = `owner ${number}`;
    await session.save();
  }
}

async function main(): Promise<void> {
  using clock = new StoppedClock();
  const store = new MemoryStore();
  await using sessions = new SessionManager({ store, idleTimeout: 1000, sweepInterval: 0 });
  // What is compiled and cached on the way is not the sessions'.
  await fill(sessions, 20_000);
  clock.advance(1000);
  await sessions.sweep();
  const before = heap();
  await fill(sessions, SESSIONS);
  const full = heap();
  clock.advance(1000);
  const swept = await sessions.sweep();
  const after = heap();
  process.stdout.write(JSON.stringify({ before, full, after, swept }));
}

void main();
