import { afterEach, expect, jest, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { type ChainedBatchWriteOptions, ClassicLevel } from "classic-level";
import fc from "fast-check";
import { handle, record, rejection, scratch } from "./scratch.ts";
import { watched } from "./watched.ts";

afterEach(() => {
  jest.restoreAllMocks();
});

const key = handle(1);

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Has the next write of every database do `before` and `after` around what it does. */
function aroundWrites(before: () => Promise<void>, after: () => void): void {
  const { batch } = ClassicLevel.prototype;
  jest.spyOn(ClassicLevel.prototype, "batch").mockImplementation(function (this: ClassicLevel) {
    const made = batch.call(this);
    const { write } = made;
    made.write = async (options: ChainedBatchWriteOptions = {}) => {
      await before();
      await write.call(made, options);
      after();
    };
    return made;
  });
}

test("a save that follows a load or a save reads nothing", async () => {
  const location = scratch();
  {
    await using store = await LevelStore.open(location);
    await store.save(key, record({ owner: "ada" }));
  }
  await using store = await LevelStore.open(location);
  await store.load(key);
  const getSync = jest.spyOn(ClassicLevel.prototype, "getSync");
  expect(await store.save(key, record({ revision: 2 }))).toBe(true);
  expect(await store.save(key, record({ revision: 3 }))).toBe(true);
  expect(await store.save(key, record({ revision: 3 }))).toBe(false);
  expect(await store.delete(key, 3)).toBe(true);
  expect(getSync).not.toHaveBeenCalled();
});

test("a touch, which carries the data on, reads and verifies it", async () => {
  await using store = await LevelStore.open(scratch());
  const saved = record();
  await store.save(key, saved);
  const { getSync } = ClassicLevel.prototype;
  jest.spyOn(ClassicLevel.prototype, "getSync").mockImplementation(function (
    this: ClassicLevel,
    ...asked: Parameters<typeof getSync>
  ) {
    return String(getSync.apply(this, asked)).replace(/a$/, "b");
  });
  const touched = store.touch(key, saved.expiresAt + 1000);
  expect(await rejection(touched)).toMatchObject({ code: "RECORD_CORRUPT" });
  jest.restoreAllMocks();
  expect(await store.load(key)).toEqual(saved);
});

test("what the owner of a lent database removes is gone for the store", async () => {
  const { raw } = await watched();
  const store = new LevelStore(raw);
  await store.save(key, record());
  await store.load(key);
  await raw.clear();
  expect(await store.save(key, record({ revision: 2 }))).toBe(false);
  expect(await store.save(key, record())).toBe(true);
});

test("a load that a save overtakes leaves nothing old behind", async () => {
  await using store = await LevelStore.open(scratch(), { read: "async" });
  await store.save(key, record());
  const { opened, open } = gate();
  const { get } = ClassicLevel.prototype;
  jest.spyOn(ClassicLevel.prototype, "get").mockImplementation(async function (
    this: ClassicLevel,
    ...asked: Parameters<typeof get>
  ) {
    const text = await get.apply(this, asked);
    await opened;
    return text;
  });
  const loading = store.load(key);
  expect(await store.save(key, record({ revision: 2 }))).toBe(true);
  open();
  await loading;
  expect(await store.save(key, record({ revision: 3 }))).toBe(true);
});

test("a load during a write does not outlast it", async () => {
  await using store = await LevelStore.open(scratch());
  await store.save(key, record());
  const { opened, open } = gate();
  const started = gate();
  aroundWrites(
    () => {
      started.open();
      return opened;
    },
    () => {},
  );
  const saving = store.save(key, record({ revision: 2 }));
  await started.opened;
  expect(await store.load(key)).toMatchObject({ revision: 1 });
  open();
  expect(await saving).toBe(true);
  expect(await store.save(key, record({ revision: 2 }))).toBe(false);
  expect(await store.save(key, record({ revision: 3 }))).toBe(true);
});

test("a write that failed and turns up when the database is reopened counts", async () => {
  await using store = await LevelStore.open(scratch());
  await store.save(key, record());
  aroundWrites(
    async () => {},
    () => {
      throw Object.assign(new Error("IO error: 000003.log: Input/output error"), {
        code: "LEVEL_IO_ERROR",
      });
    },
  );
  const unknown = store.save(key, record({ revision: 2, data: "turned up" }));
  expect(await rejection(unknown)).toMatchObject({ code: "STORE_UNAVAILABLE" });
  jest.restoreAllMocks();
  expect(await store.save(key, record({ revision: 2, data: "again" }))).toBe(false);
  expect(await store.load(key)).toMatchObject({ data: "turned up" });
  expect(await store.save(key, record({ revision: 3 }))).toBe(true);
});

test("what was ended, moved or swept counts as it is now", async () => {
  await using store = await LevelStore.open(scratch());
  const saved = record();
  const { expiresAt } = saved;
  await store.save(key, saved);
  await store.delete(key);
  expect(await store.save(key, record({ revision: 2 }))).toBe(false);
  expect(await store.save(key, saved)).toBe(true);
  await store.touch(key, expiresAt + 1000);
  const clock = jest.spyOn(Date, "now").mockReturnValue(expiresAt);
  expect(await store.save(key, { ...saved, revision: 2, expiresAt: expiresAt + 1000 })).toBe(true);
  clock.mockReturnValue(expiresAt + 1000);
  expect(await store.sweep()).toBe(1);
  clock.mockReturnValue(expiresAt);
  expect(await store.save(key, record({ revision: 3 }))).toBe(false);
  expect(await store.save(key, saved)).toBe(true);
});

test("any sequence of calls decides as if each had read the record", async () => {
  await using store = await LevelStore.open(scratch(), { sync: false });
  let now = 1_800_000_000_000;
  jest.spyOn(Date, "now").mockImplementation(() => now);
  let runs = 0;
  const step = fc.record({
    call: fc.constantFrom("load", "save", "stale", "touch", "delete", "sweep", "wait"),
    // Keys that differ in their beginning alone, and ones that differ in their end.
    key: fc.constantFrom("a0", "b0", "a1", "a2"),
    life: fc.integer({ min: 1, max: 200 }),
    awaited: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      runs += 1;
      const model = new Map<string, { revision: number; expiresAt: number }>();
      const outcomes: Promise<unknown>[] = [];
      const expected: unknown[] = [];
      for (const { call, key: short, life, awaited } of steps) {
        const name = `~${short[0]}${String(runs).padStart(39, "0")}00${short[1]}`;
        const found = model.get(name);
        const live = found && found.expiresAt > now ? found : undefined;
        const expiresAt = now + life;
        const revision = (live?.revision ?? 0) + (call === "stale" ? 2 : 1);
        if (call === "wait") {
          await Promise.all(outcomes);
          now += Math.ceil(life / 4);
        } else if (call === "load") {
          await Promise.all(outcomes);
          expect((await store.load(name))?.revision).toBe(live?.revision);
        } else if (call === "sweep") {
          await Promise.all(outcomes);
          await store.sweep();
          for (const [each, at] of model) if (at.expiresAt <= now) model.delete(each);
        } else if (call === "touch") {
          outcomes.push(store.touch(name, expiresAt, live?.revision));
          expected.push(live !== undefined);
          if (live) model.set(name, { ...live, expiresAt });
        } else if (call === "delete") {
          outcomes.push(store.delete(name));
          expected.push(live !== undefined);
          model.delete(name);
        } else {
          outcomes.push(store.save(name, record({ revision, expiresAt, createdAt: now })));
          expected.push(call === "save");
          if (call === "save") model.set(name, { revision, expiresAt });
        }
        if (awaited) await Promise.all(outcomes);
      }
      expect(await Promise.all(outcomes)).toEqual(expected);
    }),
  );
});
