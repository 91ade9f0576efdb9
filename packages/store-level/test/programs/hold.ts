// Opens a store, writes in one line what came of it, and holds it until the program is ended. With "copy"
// it then copies the directory, which frees LevelDB's own lock.
import { cpSync } from "node:fs";
import { SessionError } from "@sess/core";
import { LevelStore } from "@sess/store-level";

const [, , location = "", then] = process.argv;

async function main(): Promise<void> {
  try {
    await LevelStore.open(location);
    if (then === "copy") cpSync(location, `${location}.copy`, { recursive: true });
    process.stdout.write("open\n");
    setInterval(() => {}, 60_000);
  } catch (error) {
    process.stdout.write(`${error instanceof SessionError ? error.code : String(error)}\n`);
  }
}

void main();
