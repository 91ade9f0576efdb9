// Saves one synced session after the other and names each that was acknowledged, until it is killed.
import { LevelStore } from "@sess/store-level";

const [, , location = ""] = process.argv;
const store = await LevelStore.open(location);
const expiresAt = Date.now() + 3_600_000;

for (let number = 0; ; number += 1) {
  const key = `~${String(number).padStart(43, "0")}`;
  await store.save(key, { revision: 1, createdAt: 0, expiresAt, data: `number ${number}` });
  if (number % 2 === 1) await store.delete(`~${String(number - 1).padStart(43, "0")}`);
  process.stdout.write(`${number}\n`);
}
