// Opens a store, says in one line what came of it, and holds it until it is told to end.
import { SessionError } from "@sess/core";
import { LevelStore } from "@sess/store-level";
import { OwnDatabase } from "../../src/own-database.ts";

const [, , location = "", kind] = process.argv;

try {
  if (kind === "file") await OwnDatabase.at(location, 65536, "file");
  else await LevelStore.open(location);
  process.stdout.write("open\n");
  setInterval(() => {}, 60_000);
} catch (error) {
  process.stdout.write(`${error instanceof SessionError ? error.code : String(error)}\n`);
}
