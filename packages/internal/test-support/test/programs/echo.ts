// Repeats each line of its stdin and ends at "end". Tells first which sessions it knows.
import { createInterface } from "node:readline";
import { StoppedClock } from "@sess/test-support/clock";
import { handle, record } from "@sess/test-support/records";

async function main(): Promise<void> {
  using clock = new StoppedClock(1_000);
  clock.advance(1);
  process.stdout.write(`${handle(7)} ${record().createdAt}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === "end") process.exit();
    process.stdout.write(`${line}\n`);
  }
}

void main();
