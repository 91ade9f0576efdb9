// Saves sessions one after the other, whatever fails, and reads one after each failure. Tells what
// came of each save, closes and ends.
import { SessionError } from "@sess/core";
import { LevelStore } from "@sess/store-level";
import { handle, record } from "../records.ts";

const [, , location = "", saves = "0"] = process.argv;

function codeOf(error: unknown): string {
  return error instanceof SessionError ? error.code : String(error);
}

function tell(what: string): void {
  process.stdout.write(`${what}\n`);
}

async function main(): Promise<void> {
  const store = await LevelStore.open(location, { writeBufferSize: 65536 });
  tell("open");
  const saved: number[] = [];
  for (let number = 0; number < Number(saves); number += 1) {
    try {
      if (!(await store.save(handle(number), record(number)))) throw new Error("refused");
      saved.push(number);
      tell(`saved ${number}`);
    } catch (error) {
      tell(`failed ${number} ${codeOf(error)} ${String(error).includes("outcome is unknown")}`);
      const known = saved.at(-1);
      if (known === undefined) continue;
      const found = await store.load(handle(known)).catch(codeOf);
      if (typeof found === "string") tell(`unread ${found}`);
      else tell(found?.data === record(known).data ? "read" : "wrong");
    }
  }
  await store.close();
  tell("closed");
}

main().catch((error: unknown) => tell(`ended ${codeOf(error)}`));
