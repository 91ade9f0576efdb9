// A store on a disk whose fsync waits for a gate. Does everything else while the gate is shut, tells in
// which order things came about, closes and ends.
import { readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { LevelStore } from "@sess/store-level";
import { handle } from "@sess/test-support/records";
import { numberedRecord } from "../numbered-record.ts";

const [, , location = "", gate = "", read] = process.argv;
const AT_ONCE = 500;

function tell(what: string): void {
  process.stdout.write(`${what}\n`);
}

async function main(): Promise<void> {
  const store = await LevelStore.open(location, { read: read === "async" ? "async" : "sync" });
  const save = (number: number) => store.save(handle(number), numberedRecord(number));
  await save(0);
  await rm(gate);
  const saves = Array.from({ length: AT_ONCE }, (_, index) => save(1 + index));
  const first = saves[0]?.then((saved) => tell(saved ? "saved" : "refused"));
  tell("begun");
  for (let round = 0; round < 20; round += 1) {
    if ((await store.load(handle(0)))?.data !== numberedRecord(0).data) tell("wrong");
  }
  tell("loaded");
  for await (const _ of store.list()) tell("listed");
  await readFile(__filename);
  tell("read another file");
  await sleep(1);
  tell("slept");
  const last = save(AT_ONCE + 1).then(() => tell("saved the last"));
  const closed = store.close();
  await writeFile(gate, "");
  await Promise.all([closed, first, last, ...saves]);
  tell("closed");
}

main().catch((error: unknown) => tell(String(error)));
