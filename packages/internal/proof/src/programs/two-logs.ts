// Saves sessions of one owner without sync until LevelDB begins a second log, saves the latest of them
// again, and ends the first, which syncs the second log. Tells when that is done, and waits.
import { readdirSync } from "node:fs";
import { type Session, SessionManager } from "@sess/core";
import { LevelStore } from "@sess/store-level";

const [, , location = ""] = process.argv;

function logs(): number {
  return readdirSync(location).filter((name) => name.endsWith(".log")).length;
}

async function main(): Promise<void> {
  const store = await LevelStore.open(location, { sync: false, writeBufferSize: 65536 });
  const sessions = new SessionManager({ store, sweepInterval: 0 });
  const saved: Session[] = [];
  while (logs() < 2) {
    const session = sessions.create();
    session.owner = "ada";
    session.set("text", "x".repeat(300));
    await session.save();
    saved.push(session);
  }
  for (const session of saved.slice(-20)) {
    session.set("again", true);
    await session.save();
  }
  await saved[0]?.destroy();
  process.stdout.write("done\n");
  setInterval(() => {}, 60_000);
}

main().catch((error: unknown) => process.stdout.write(`${error}\n`));
