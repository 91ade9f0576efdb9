import { afterEach, expect, jest, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { expectCode, handle, record, StoppedClock, scratch } from "@sess/test-support";
import { type ChainedBatchWriteOptions, ClassicLevel } from "classic-level";
import fc from "fast-check";
import { WatchedDatabase } from "../support/watched-database.ts";

afterEach(() => {
  jest.restoreAllMocks();
});

const one = handle(1);

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Has every write to a database await `before`, and call `after` when it has been carried out. */
function aroundWrites(before: () => Promise<void>, after: () => void): void {
  const { batch } = ClassicLevel.prototype;
  jest.spyOn(ClassicLevel.prototype, "batch").mockImplementation(function (this: ClassicLevel) {
    const chained = batch.call(this);
    const { write } = chained;
    chained.write = async (options: ChainedBatchWriteOptions = {}) => {
      await before();
      await write.call(chained, options);
      after();
    };
    return chained;
  });
}

test("a save that follows a load or a save reads nothing", async () => {
  const location = scratch();
  {
    await using store = await LevelStore.open(location);
    await store.save(one, record({ owner: "ada" }));
  }
  await using store = await LevelStore.open(location);
  await store.load(one);
  const getSync = jest.spyOn(ClassicLevel.prototype, "getSync");
  expect(await store.save(one, record({ revision: 2 }))).toBe(true);
  expect(await store.save(one, record({ revision: 3 }))).toBe(true);
  expect(await store.save(one, record({ revision: 3 }))).toBe(false);
  expect(await store.delete(one, 3)).toBe(true);
  expect(getSync).not.toHaveBeenCalled();
});

test("a touch carries the data on, so it reads and verifies the record", async () => {
  await using store = await LevelStore.open(scratch());
  const saved = record();
  await store.save(one, saved);
  const { getSync } = ClassicLevel.prototype;
  jest.spyOn(ClassicLevel.prototype, "getSync").mockImplementation(function (
    this: ClassicLevel,
    ...asked: Parameters<typeof getSync>
  ) {
    return String(getSync.apply(this, asked)).replace(/a$/, "b");
  });
  await expectCode(store.touch(one, saved.expiresAt + 1_000), "RECORD_CORRUPT");
  jest.restoreAllMocks();
  expect(await store.load(one)).toEqual(saved);
});

test("what the owner of a lent database removes is gone for the store", async () => {
  const { raw } = await WatchedDatabase.open();
  const store = new LevelStore(raw);
  await store.save(one, record());
  await store.load(one);
  await raw.clear();
  expect(await store.save(one, record({ revision: 2 }))).toBe(false);
  expect(await store.save(one, record())).toBe(true);
});

test("a load that a save overtakes leaves nothing old behind", async () => {
  await using store = await LevelStore.open(scratch(), { read: "async" });
  await store.save(one, record());
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
  const loading = store.load(one);
  expect(await store.save(one, record({ revision: 2 }))).toBe(true);
  open();
  await loading;
  expect(await store.save(one, record({ revision: 3 }))).toBe(true);
});

test("what is loaded while a write is under way does not outlast it", async () => {
  await using store = await LevelStore.open(scratch());
  await store.save(one, record());
  const [write, started] = [gate(), gate()];
  aroundWrites(
    () => {
      started.open();
      return write.opened;
    },
    () => {},
  );
  const saving = store.save(one, record({ revision: 2 }));
  await started.opened;
  expect(await store.load(one)).toMatchObject({ revision: 1 });
  write.open();
  expect(await saving).toBe(true);
  expect(await store.save(one, record({ revision: 2 }))).toBe(false);
  expect(await store.save(one, record({ revision: 3 }))).toBe(true);
});

test("a failed write that turns up when the database is opened again counts", async () => {
  await using store = await LevelStore.open(scratch());
  await store.save(one, record());
  aroundWrites(
    async () => {},
    () => {
      throw Object.assign(new Error("IO error: 000003.log: Input/output error"), {
        code: "LEVEL_IO_ERROR",
      });
    },
  );
  const failing = store.save(one, record({ revision: 2, data: "turned up" }));
  await expectCode(failing, "STORE_UNAVAILABLE");
  jest.restoreAllMocks();
  expect(await store.save(one, record({ revision: 2, data: "again" }))).toBe(false);
  expect(await store.load(one)).toMatchObject({ data: "turned up" });
  expect(await store.save(one, record({ revision: 3 }))).toBe(true);
});

test("sessions that were ended, extended or swept count as they are now", async () => {
  await using store = await LevelStore.open(scratch());
  const saved = record();
  const { expiresAt } = saved;
  await store.save(one, saved);
  await store.delete(one);
  expect(await store.save(one, record({ revision: 2 }))).toBe(false);
  expect(await store.save(one, saved)).toBe(true);
  await store.touch(one, expiresAt + 1_000);
  using clock = new StoppedClock(expiresAt);
  expect(await store.save(one, { ...saved, revision: 2, expiresAt: expiresAt + 1_000 })).toBe(true);
  clock.advance(1_000);
  expect(await store.sweep()).toBe(1);
  clock.set(expiresAt);
  expect(await store.save(one, record({ revision: 3 }))).toBe(false);
  expect(await store.save(one, record())).toBe(true);
});

test("any sequence of calls is decided as if each had read the record", async () => {
  await using store = await LevelStore.open(scratch(), { sync: false });
  using clock = new StoppedClock(1_800_000_000_000);
  let runs = 0;
  const step = fc.record({
    call: fc.constantFrom("load", "save", "stale", "touch", "delete", "sweep", "wait"),
    // Handles that differ only at their beginning, and ones that differ at their end.
    name: fc.constantFrom("a0", "b0", "a1", "a2"),
    life: fc.integer({ min: 1, max: 200 }),
    isAwaited: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      runs += 1;
      const model = new Map<string, { revision: number; expiresAt: number }>();
      const outcomes: Promise<unknown>[] = [];
      const expected: unknown[] = [];
      for (const { call, name, life, isAwaited } of steps) {
        const each = `~${name[0]}${String(runs).padStart(39, "0")}00${name[1]}`;
        const found = model.get(each);
        const live = found && found.expiresAt > clock.now ? found : undefined;
        const expiresAt = clock.now + life;
        const revision = (live?.revision ?? 0) + (call === "stale" ? 2 : 1);
        if (call === "wait") {
          await Promise.all(outcomes);
          clock.advance(Math.ceil(life / 4));
        } else if (call === "load") {
          await Promise.all(outcomes);
          expect((await store.load(each))?.revision).toBe(live?.revision);
        } else if (call === "sweep") {
          await Promise.all(outcomes);
          await store.sweep();
          for (const [other, at] of model) if (at.expiresAt <= clock.now) model.delete(other);
        } else if (call === "touch") {
          outcomes.push(store.touch(each, expiresAt, live?.revision));
          expected.push(live !== undefined);
          if (live) model.set(each, { ...live, expiresAt });
        } else if (call === "delete") {
          outcomes.push(store.delete(each));
          expected.push(live !== undefined);
          model.delete(each);
        } else {
          outcomes.push(store.save(each, record({ revision, expiresAt })));
          expected.push(call === "save");
          if (call === "save") model.set(each, { revision, expiresAt });
        }
        if (isAwaited) await Promise.all(outcomes);
      }
      expect(await Promise.all(outcomes)).toEqual(expected);
    }),
  );
});
