import { MemoryStore } from "@sess/store-memory";

const SESSIONS = 20_000;

const FEW = 300;
const LARGE = 20_000;

const used = () => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

/** Text as core makes it: a few dozen short strings, one after the other. */
function text(session: number): string {
  let data = "";
  for (let line = 0; line < 11; line += 1)
    data += `"key${line}"\t${"value ".repeat(7)}${session}\n`;
  return data;
}

const keyOf = (session: number) => `~${String(session).padStart(43, "0")}`;

/** What a session weighs, and what is left of it when it has been owned, expired and swept. */
async function weigh() {
  const store = new MemoryStore();
  const before = used();
  const expiresAt = Date.now() + 60_000;
  for (let index = 0; index < SESSIONS; index += 1) {
    await store.save(keyOf(index), { revision: 1, createdAt: 0, expiresAt, data: text(index) });
  }
  const full = used();
  for (let index = 0; index < SESSIONS; index += 1) {
    const record = { revision: 2, createdAt: 0, expiresAt, owner: `owner ${index}`, data: "" };
    await store.save(keyOf(index), record);
    await store.save(keyOf(index), { ...record, revision: 3, owner: `other ${index}` });
    await store.touch(keyOf(index), 1);
  }
  await store.sweep();
  const swept = used();
  // Kept until here, or all of it would be garbage.
  await store.close();
  return {
    few: await weighFew(),
    characters: text(SESSIONS).length,
    perSession: (full - before) / SESSIONS,
    left: (swept - before) / SESSIONS,
  };
}

/** What is left of each of a few large sessions that were ended. */
async function weighFew(): Promise<number> {
  const store = new MemoryStore();
  const before = used();
  const expiresAt = Date.now() + 60_000;
  for (let index = 0; index < FEW; index += 1) {
    const data = `${index}${"x".repeat(LARGE)}`;
    await store.save(keyOf(index), { revision: 1, createdAt: 0, expiresAt, data });
  }
  for (let index = 0; index < FEW; index += 1) await store.delete(keyOf(index));
  const left = (used() - before) / FEW;
  await store.close();
  return left;
}

weigh().then((heap) => process.stdout.write(JSON.stringify(heap)));
