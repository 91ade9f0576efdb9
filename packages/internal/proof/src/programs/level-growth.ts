// Keeps so many sessions in a LevelDB directory, nine tenths of them for a second, and sweeps those. Tells
// as JSON how much is on disk and how much memory that took.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { SessionManager } from "@sess/core";
import { LevelStore } from "@sess/store-level";
import { StoppedClock } from "@sess/test-support/clock";
import { Random } from "../random.ts";

const [, , location = "", count = "0"] = process.argv;
const SESSIONS = Number(count);
const AT_ONCE = 500;

function bytesIn(directory: string): number {
  const names = readdirSync(directory);
  return names.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}

/**
 * The memory of this process in bytes: RssAnon is its own, VmRSS includes the tables that LevelDB maps,
 * VmHWM is the most that VmRSS ever was. Only Linux tells them apart.
 */
function memory(figure: "RssAnon" | "VmHWM" | "VmRSS"): number {
  if (process.platform !== "linux") return process.memoryUsage.rss();
  const status = readFileSync("/proc/self/status", "latin1");
  const [, kib] = new RegExp(`${figure}:\\s+(\\d+)`).exec(status) ?? [];
  return Number(kib) * 1024;
}

async function create(sessions: SessionManager, number: number, text: string): Promise<void> {
  const session = sessions.create(number % 10 === 0 ? {} : { idleTimeout: 1000 });
  session.set("text", text);
  await session.save();
}

async function main(): Promise<void> {
  let own = 0;
  setInterval(() => {
    own = Math.max(own, memory("RssAnon"));
  }, 100).unref();
  using clock = new StoppedClock();
  const store = await LevelStore.open(location, { sync: false });
  await using sessions = new SessionManager({ store, sweepInterval: 0 });
  const random = new Random(1);
  for (let first = 0; first < SESSIONS; first += AT_ONCE) {
    const text = random.text(20);
    const numbers = Array.from({ length: AT_ONCE }, (_, index) => first + index);
    await Promise.all(numbers.map((number) => create(sessions, number, text)));
  }
  const full = bytesIn(location);
  clock.advance(2000);
  const swept = await sessions.sweep();
  let live = 0;
  let liveBytes = 0;
  for await (const [handle, record] of store.list()) {
    live += 1;
    liveBytes += handle.length + Buffer.byteLength(JSON.stringify(record));
  }
  const after = bytesIn(location);
  const resident = memory("VmRSS");
  // Not `maxRSS`, which begins with what the parent held as it forked.
  const most = memory("VmHWM");
  const found = { full, swept, live, liveBytes, after, own, resident, most };
  process.stdout.write(JSON.stringify(found));
}

void main();
