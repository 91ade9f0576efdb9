// Opens a store, writes in one line what came of it, and holds it until the program is ended.
import { SessionError } from "@sess/core";
import { LevelStore } from "@sess/store-level";
import { OwnDatabase } from "../../src/engine/own-database.ts";

const [, , location = "", kind] = process.argv;

async function main(): Promise<void> {
  try {
    if (kind === "file") await OwnDatabase.at(location, 65_536, "file");
    else await LevelStore.open(location);
    process.stdout.write("open\n");
    setInterval(() => {}, 60_000);
  } catch (error) {
    process.stdout.write(`${error instanceof SessionError ? error.code : String(error)}\n`);
  }
}

void main();
