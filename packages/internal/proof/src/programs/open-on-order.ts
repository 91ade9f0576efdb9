// Opens the directory that each line on stdin names, says what came of it, and holds it until the
// next line.
import { createInterface } from "node:readline";
import { SessionError } from "@sess/core";
import { LevelStore } from "@sess/store-level";

async function main(): Promise<void> {
  process.stdout.write("ready\n");
  let held: LevelStore | undefined;
  for await (const location of createInterface({ input: process.stdin })) {
    await held?.close();
    held = undefined;
    try {
      held = await LevelStore.open(location);
      process.stdout.write("open\n");
    } catch (error) {
      process.stdout.write(`${error instanceof SessionError ? error.code : String(error)}\n`);
    }
  }
}

void main();
