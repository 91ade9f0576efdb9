// Opens a store, saves one session, tells its process id and dies as in a crash.
import { SessionError } from "@sess/core";
import { LevelStore } from "@sess/store-level";
import { handle, record } from "../records.ts";

const [, , location = "", number = "0"] = process.argv;

async function main(): Promise<void> {
  const store = await LevelStore.open(location);
  await store.save(handle(Number(number)), record(Number(number)));
  process.stdout.write(`saved as ${process.pid}\n`, () => process.kill(process.pid, "SIGKILL"));
}

main().catch((error: unknown) => {
  process.stdout.write(`${error instanceof SessionError ? error.code : String(error)}\n`);
});
