import { afterEach, expect, jest, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { collect, handle, record } from "@sess/test-support";
import { WatchedDatabase } from "../support/watched-database.ts";

afterEach(() => {
  jest.restoreAllMocks();
});

const START = 1_800_000_000_000;
const MINUTE = 60_000;
const one = handle(1);

async function indexEntries(watched: WatchedDatabase): Promise<string[]> {
  return [...(await watched.keysOf("x")), ...(await watched.keysOf("o"))];
}

/** Does what a power loss does that takes the log in which the entries were, and spares the next one. */
async function loseIndexEntries(watched: WatchedDatabase): Promise<void> {
  for (const lost of await indexEntries(watched)) await watched.raw.del(lost);
}

/** A store without sync, with one session. */
async function unsynced() {
  jest.spyOn(Date, "now").mockReturnValue(START);
  const watched = await WatchedDatabase.open();
  const store = new LevelStore(watched.db, { sync: false });
  const saved = record({ owner: "ada", expiresAt: START + 60 * MINUTE });
  await store.save(one, saved);
  return { watched, store, saved };
}

for (const later of [0, MINUTE - 1, MINUTE, 90 * MINUTE]) {
  test(`what is saved or touched is found, whatever was lost before (expires ${later} ms later)`, async () => {
    const { watched, store, saved } = await unsynced();
    const expiresAt = saved.expiresAt + later;

    await loseIndexEntries(watched);
    await store.save(one, { ...saved, revision: 2, expiresAt });
    expect(await collect(store.list("ada"))).toHaveLength(1);
    await loseIndexEntries(watched);
    await store.touch(one, expiresAt + 1);
    expect(await collect(store.list("ada"))).toHaveLength(1);

    jest.spyOn(Date, "now").mockReturnValue(expiresAt);
    expect(await store.sweep()).toBe(0);
    jest.spyOn(Date, "now").mockReturnValue(expiresAt + 1);
    expect(await store.sweep()).toBe(1);
    expect(await watched.raw.keys().all()).toEqual([]);
  });
}

test("an extension within the minute writes its expiry entry and takes none back", async () => {
  const { watched, store, saved } = await unsynced();
  const { batches } = watched;
  const entries = await indexEntries(watched);
  batches.length = 0;
  await store.save(one, { ...saved, revision: 2, expiresAt: saved.expiresAt + MINUTE - 1 });
  expect(await indexEntries(watched)).toEqual(entries);
  await store.save(one, { ...saved, revision: 3, expiresAt: saved.expiresAt + MINUTE });
  expect(await indexEntries(watched)).toHaveLength(2);
  // The record, its expiry entry and its owner entry; the second save also takes back the expiry entry
  // that the session had.
  expect(batches.map(({ changes }) => changes)).toEqual([3, 4]);
});
