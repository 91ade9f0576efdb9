import { afterEach, expect, jest, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { collect, handle, record } from "@sess/test-support";
import { ClassicLevel } from "classic-level";
import { WatchedDatabase } from "../support/watched-database.ts";

afterEach(() => {
  jest.restoreAllMocks();
});

const one = handle(1);

/** Returns the options of the reads that LevelDB has been asked for since the last call. */
function watchReads(): () => unknown[] {
  const getSync = jest.spyOn(ClassicLevel.prototype, "getSync");
  const get = jest.spyOn(ClassicLevel.prototype, "get");
  const getMany = jest.spyOn(ClassicLevel.prototype, "getMany");
  return () => {
    const calls = [...getSync.mock.calls, ...get.mock.calls, ...getMany.mock.calls];
    jest.clearAllMocks();
    return calls.map(([, options]) => options);
  };
}

for (const read of ["sync", "async"] as const) {
  test(`only a load displaces from LevelDB's cache what was loaded before (${read})`, async () => {
    const { db } = await WatchedDatabase.open();
    const store = new LevelStore(db, { read });
    const reads = watchReads();
    const saved = record({ owner: "ada" });
    await store.save(one, saved);
    await store.touch(one, saved.expiresAt + 1);
    expect(await collect(store.list("ada"))).toHaveLength(1);
    jest.spyOn(Date, "now").mockReturnValue(saved.expiresAt + 1);
    expect(await store.sweep()).toBe(1);
    expect(await store.delete(one)).toBe(false);
    const inPassing = expect.objectContaining({ fillCache: false });
    expect(reads()).toEqual([inPassing, inPassing, inPassing, inPassing, inPassing]);

    await store.load(one);
    expect(reads()).toEqual([expect.not.objectContaining({ fillCache: false })]);
  });
}
