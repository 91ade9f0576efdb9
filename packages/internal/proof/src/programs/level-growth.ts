// Keeps so many sessions in a LevelDB directory, nine tenths of them for a second, sweeps those, and
// says as JSON how much is on the disk and how much memory it took at most.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { SessionManager } from "@sess/core";
import { LevelStore } from "@sess/store-level";
import { Random } from "../random.ts";

const [, , location = "", count = "0"] = process.argv;
const SESSIONS = Number(count);
const AT_ONCE = 500;

/** Time stands still but where it is moved. */
let now = Date.now();
Date.now = () => now;

function bytesIn(directory: string): number {
  const names = readdirSync(directory);
  return names.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}

/** What Linux says of this process's memory, in bytes; elsewhere what is resident now. */
function memory(figure: "RssAnon" | "VmHWM" | "VmRSS"): number {
  if (process.platform !== "linux") return process.memoryUsage.rss();
  const status = readFileSync("/proc/self/status", "latin1");
  const [, kib] = new RegExp(`${figure}:\\s+(\\d+)`).exec(status) ?? [];
  return Number(kib) * 1024;
}

/**
 * Memory of its own that is resident. LevelDB maps its tables as well, which the system counts with it
 * and takes back as it likes: only Linux tells the two apart.
 */
const ownMemory = () => memory("RssAnon");

async function create(sessions: SessionManager, number: number, text: string): Promise<void> {
  const session = sessions.create(number % 10 === 0 ? {} : { idleTimeout: 1000 });
  session.set("text", text);
  await session.save();
}

async function main(): Promise<void> {
  let own = 0;
  setInterval(() => {
    own = Math.max(own, ownMemory());
  }, 100).unref();
  const store = await LevelStore.open(location, { sync: false });
  await using sessions = new SessionManager({ store, sweepInterval: 0 });
  const random = new Random(1);
  for (let first = 0; first < SESSIONS; first += AT_ONCE) {
    const text = random.text(20);
    await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) => create(sessions, first + index, text)),
    );
  }
  const full = bytesIn(location);
  now += 2000;
  const swept = await sessions.sweep();
  let live = 0;
  let liveBytes = 0;
  for await (const [key, record] of store.list()) {
    live += 1;
    liveBytes += key.length + Buffer.byteLength(JSON.stringify(record));
  }
  const after = bytesIn(location);
  const resident = memory("VmRSS");
  // Not `maxRSS`, which begins with what the parent held as it forked.
  const most = memory("VmHWM");
  process.stdout.write(
    JSON.stringify({ full, swept, live, liveBytes, after, own, resident, most }),
  );
}

void main();
