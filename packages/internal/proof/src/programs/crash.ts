// Opens a store, saves a session, tells its process id and dies as in a crash.
import { LevelStore } from "@sess/store-level";
import { handle } from "@sess/test-support/records";
import { numberedRecord } from "../numbered-record.ts";
import { codeOf } from "../oracle/answers.ts";

const [, , location = "", number = "0"] = process.argv;

async function main(): Promise<void> {
  const store = await LevelStore.open(location);
  await store.save(handle(Number(number)), numberedRecord(Number(number)));
  process.stdout.write(`saved as ${process.pid}\n`, () => process.kill(process.pid, "SIGKILL"));
}

main().catch((error: unknown) => process.stdout.write(`${codeOf(error)}\n`));
