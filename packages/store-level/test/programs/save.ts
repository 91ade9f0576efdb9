// Saves one synced session after another and names each that was acknowledged, until it is killed.
import { LevelStore } from "@sess/store-level";
import { handle, record } from "@sess/test-support/records";

const [, , location = ""] = process.argv;

async function main(): Promise<void> {
  const store = await LevelStore.open(location);
  for (let number = 0; ; number += 1) {
    await store.save(handle(number), record({ data: `number ${number}` }));
    if (number % 2 === 1) await store.delete(handle(number - 1));
    process.stdout.write(`${number}\n`);
  }
}

void main();
