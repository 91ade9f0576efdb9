// Opens the directory that each line on stdin names, tells what came of it, and holds it open until the
// next line.
import { createInterface } from "node:readline";
import { LevelStore } from "@sess/store-level";
import { codeOf } from "../oracle/answers.ts";

async function main(): Promise<void> {
  process.stdout.write("ready\n");
  let held: LevelStore | undefined;
  for await (const location of createInterface({ input: process.stdin })) {
    await held?.close();
    const opened = await LevelStore.open(location).catch(codeOf);
    held = typeof opened === "string" ? undefined : opened;
    process.stdout.write(`${typeof opened === "string" ? opened : "open"}\n`);
  }
}

void main();
