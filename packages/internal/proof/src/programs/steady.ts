// Saves sessions one after another, whatever fails, and reads one after each failure. Tells what came of
// each save, closes and ends.
import { LevelStore } from "@sess/store-level";
import { handle } from "@sess/test-support/records";
import { numberedRecord } from "../numbered-record.ts";
import { codeOf } from "../oracle/answers.ts";

const [, , location = "", saves = "0"] = process.argv;

function tell(what: string): void {
  process.stdout.write(`${what}\n`);
}

async function main(): Promise<void> {
  const store = await LevelStore.open(location, { writeBufferSize: 65536 });
  tell("open");
  let known: number | undefined;
  for (let number = 0; number < Number(saves); number += 1) {
    try {
      if (!(await store.save(handle(number), numberedRecord(number)))) throw new Error("refused");
      known = number;
      tell(`saved ${number}`);
    } catch (error) {
      tell(`failed ${number} ${codeOf(error)} ${String(error).includes("unknown outcome")}`);
      if (known === undefined) continue;
      const found = await store.load(handle(known)).catch(codeOf);
      if (typeof found === "string") tell(`unread ${found}`);
      else tell(found?.data === numberedRecord(known).data ? "read" : "wrong");
    }
  }
  await store.close();
  tell("closed");
}

main().catch((error: unknown) => tell(`ended ${codeOf(error)}`));
