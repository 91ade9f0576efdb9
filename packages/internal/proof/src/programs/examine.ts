// Examines the damaged directory that each line on stdin names, and answers with a line of JSON.
import { createInterface } from "node:readline";
import { examine } from "../damage/examination.ts";

async function main(): Promise<void> {
  let cases = 0;
  for await (const location of createInterface({ input: process.stdin })) {
    cases += 1;
    const findings = await examine(location, cases % 2 === 0 ? "async" : "sync");
    process.stdout.write(`${JSON.stringify(findings)}\n`);
  }
}

void main();
