import { afterEach, expect, jest, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { collect, handle, record } from "./scratch.ts";
import { keysOf, type Watched, watched } from "./watched.ts";

afterEach(() => {
  jest.restoreAllMocks();
});

const START = 1_800_000_000_000;
const MINUTE = 60_000;
const key = handle(1);

async function entriesIn({ raw }: Watched): Promise<string[]> {
  return [...(await keysOf(raw, "x")), ...(await keysOf(raw, "o"))];
}

/** As after a power loss that took the log in which they stood, and spared the next one. */
async function lose({ raw }: Watched, keys: readonly string[]): Promise<void> {
  for (const lost of keys) await raw.del(lost);
}

async function unsynced() {
  jest.spyOn(Date, "now").mockReturnValue(START);
  const watching = await watched();
  const store = new LevelStore(watching.db, { sync: false });
  const saved = record({ owner: "ada", createdAt: START, expiresAt: START + 60 * MINUTE });
  await store.save(key, saved);
  return { watching, store, saved };
}

for (const later of [0, MINUTE - 1, MINUTE, 90 * MINUTE]) {
  test(`what is saved or touched without sync is found, whatever was lost before (${later} ms later)`, async () => {
    const { watching, store, saved } = await unsynced();
    const expiresAt = saved.expiresAt + later;

    await lose(watching, await entriesIn(watching));
    await store.save(key, { ...saved, revision: 2, expiresAt });
    expect(await collect(store.list("ada"))).toHaveLength(1);
    await lose(watching, await entriesIn(watching));
    await store.touch(key, expiresAt + 1);
    expect(await collect(store.list("ada"))).toHaveLength(1);

    jest.spyOn(Date, "now").mockReturnValue(expiresAt);
    expect(await store.sweep()).toBe(0);
    jest.spyOn(Date, "now").mockReturnValue(expiresAt + 1);
    expect(await store.sweep()).toBe(1);
    expect(await watching.raw.keys().all()).toEqual([]);
  });
}

test("an extension within the minute writes its expiry entry and takes none back", async () => {
  const { watching, store, saved } = await unsynced();
  const { batches } = watching;
  const entries = await entriesIn(watching);
  batches.length = 0;
  await store.save(key, { ...saved, revision: 2, expiresAt: saved.expiresAt + MINUTE - 1 });
  expect(await entriesIn(watching)).toEqual(entries);
  await store.save(key, { ...saved, revision: 3, expiresAt: saved.expiresAt + MINUTE });
  expect(await entriesIn(watching)).toHaveLength(2);
  // The record, its expiry entry and its owner entry; and then the expiry entry that it had.
  expect(batches.map(({ changes }) => changes)).toEqual([3, 4]);
});
