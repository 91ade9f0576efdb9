import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { MemoryStore } from "@sess/store-memory";
import { collect, expectCode, handle, handles, record, StoppedClock } from "@sess/test-support";
import fc from "fast-check";

afterEach(() => {
  jest.restoreAllMocks();
});

/** As far as a `Date` reaches, in ms since the epoch. */
const LAST_TIME = 8_640_000_000_000_000;

const START = 1_800_000_000_000;

const [a, b, c, d] = [handle(1), handle(2), handle(3), handle(4)];

async function handlesIn(store: MemoryStore, owner?: string): Promise<string[]> {
  return (await collect(store.list(owner))).map(([each]) => each).sort();
}

/** A store of `count` sessions whose records have these fields. */
async function filled(count: number, fields: Parameters<typeof record>[0] = {}) {
  const store = new MemoryStore();
  for (const each of handles(count)) await store.save(each, record(fields));
  return store;
}

/** Calls `task` in every tick until `promise` settles, and returns how often that was. */
async function inEachTick(promise: Promise<unknown>, task: () => void): Promise<number> {
  let ticks = 0;
  let isSettled = false;
  const tick = () => {
    if (isSettled) return;
    ticks += 1;
    task();
    setImmediate(tick);
  };
  setImmediate(tick);
  await promise.finally(() => {
    isSettled = true;
  });
  return ticks;
}

/** Saves first sessions that have expired by now. */
async function saveExpired(store: MemoryStore, expired: readonly string[]): Promise<void> {
  using clock = new StoppedClock(0);
  const saved = record({ expiresAt: clock.now + 1 });
  await Promise.all(expired.map((each) => store.save(each, saved)));
}

/** A store of `count` sessions that have expired. */
async function filledWithExpired(count: number): Promise<MemoryStore> {
  const store = new MemoryStore();
  await saveExpired(store, handles(count));
  return store;
}

describe("with maxSessions", () => {
  test("the session that was saved longest ago goes when one too many comes", async () => {
    const store = new MemoryStore({ maxSessions: 2 });
    await store.save(a, record());
    await store.save(b, record());
    await store.save(a, record({ revision: 2 }));
    await store.save(c, record());
    expect(await handlesIn(store)).toEqual([a, c]);
  });

  test("a load, a touch and a refused save do not keep a session", async () => {
    const store = new MemoryStore({ maxSessions: 2 });
    await store.save(a, record());
    await store.save(b, record());
    await store.load(a);
    await store.touch(a, Date.now() + 120_000);
    await store.save(a, record({ revision: 7 }));
    await store.save(c, record());
    expect(await handlesIn(store)).toEqual([b, c]);
  });

  test("a session that went is no longer its owner's, and no save revives it", async () => {
    const store = new MemoryStore({ maxSessions: 1 });
    await store.save(a, record({ owner: "ada" }));
    await store.save(b, record());
    expect(await handlesIn(store, "ada")).toEqual([]);
    expect(await store.save(a, record({ revision: 2 }))).toBe(false);
  });

  test("deleted and swept sessions make room", async () => {
    const store = new MemoryStore({ maxSessions: 2 });
    await store.save(a, record());
    await saveExpired(store, [b]);
    await store.delete(a);
    await store.sweep();
    await store.save(c, record());
    await store.save(d, record());
    expect(await handlesIn(store)).toEqual([c, d]);
  });

  test("the newest are left after any sequence of saves and deletes", async () => {
    const steps = fc.array(fc.record({ number: fc.nat(9), isSave: fc.boolean() }), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 6 }), async (steps, maxSessions) => {
        const store = new MemoryStore({ maxSessions });
        let newest: number[] = [];
        for (const { number, isSave } of steps) {
          const revision = ((await store.load(handle(number)))?.revision ?? 0) + 1;
          const owner = `owner ${number % 3}`;
          if (isSave) await store.save(handle(number), record({ revision, owner }));
          else await store.delete(handle(number));
          newest = newest.filter((each) => each !== number);
          if (isSave) newest = [...newest, number].slice(-maxSessions);
        }
        expect(await handlesIn(store)).toEqual(newest.map(handle).sort());
        for (const owner of [0, 1, 2]) {
          const own = newest.filter((number) => number % 3 === owner);
          expect(await handlesIn(store, `owner ${owner}`)).toEqual(own.map(handle).sort());
        }
      }),
    );
  });
});

describe("the options", () => {
  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    "refuse %p as maxSessions",
    async (maxSessions) => {
      const error = await expectCode(() => new MemoryStore({ maxSessions }), "INVALID_OPTION");
      expect(error.message).toMatch(/^MemoryStore: maxSessions must be a whole number from 1 to/);
    },
  );

  test("refuse a name that there is not, and say which there are", async () => {
    const options = { maxSessions: 10, maxSession: 10 };
    const error = await expectCode(() => new MemoryStore(options), "INVALID_OPTION");
    expect(error.message).toContain('no option "maxSession", only maxSessions');
  });

  test("are read once", async () => {
    const options = { maxSessions: 2 };
    const store = new MemoryStore(options);
    options.maxSessions = 1;
    await store.save(a, record());
    await store.save(b, record());
    expect(await handlesIn(store)).toEqual([a, b]);
  });
});

describe("a sweep", () => {
  test("lets other work in", async () => {
    const store = await filledWithExpired(5_000);
    const sweeping = store.sweep();
    expect(await inEachTick(sweeping, () => {})).toBeGreaterThanOrEqual(4);
    expect(await sweeping).toBe(5_000);
  });

  test("does not take longer because sessions are created meanwhile", async () => {
    const store = await filledWithExpired(3_000);
    let created = 10_000;
    await inEachTick(store.sweep(), () => {
      if (created > 100_000) return;
      void saveExpired(store, handles(2_000, created));
      created += 2_000;
    });
    expect(created).toBeLessThan(30_000);
  });

  test("leaves a session that is refreshed before it comes to it", async () => {
    const store = await filledWithExpired(1_500);
    const sweeping = store.sweep();
    await store.save(handle(1_499), record());
    expect(await sweeping).toBe(1_499);
    expect(await handlesIn(store)).toEqual([handle(1_499)]);
  });

  test("finds all that has expired, whatever is removed meanwhile", async () => {
    const store = new MemoryStore();
    for (const [index, each] of handles(6_000).entries()) {
      if (index % 2 === 0) await saveExpired(store, [each]);
      else await store.save(each, record());
    }
    let ended = 1;
    const sweeping = store.sweep();
    await inEachTick(sweeping, () => {
      for (const end = ended + 200; ended < end; ended += 2) void store.delete(handle(ended));
    });
    expect(await sweeping).toBe(3_000);
    expect(ended).toBeGreaterThan(600);
    expect(await store.sweep()).toBe(0);
  });

  test("is carried out before the store closes", async () => {
    const store = await filledWithExpired(3_000);
    const sweeping = store.sweep();
    await store.close();
    expect(await sweeping).toBe(3_000);
  });
});

describe("a list", () => {
  test("yields all that stay, whatever comes and goes meanwhile", async () => {
    const store = await filled(3_000);
    const listed = new Set<string>();
    let gone = 0;
    for await (const [each] of store.list()) {
      listed.add(each);
      if (gone >= 3_000) continue;
      await store.delete(handle(gone));
      await store.save(handle(3_000 + gone), record());
      gone += 3;
    }
    const stayed = handles(3_000).filter((_, number) => number % 3 > 0);
    expect(stayed.filter((each) => !listed.has(each))).toEqual([]);
  });

  for (const owner of [undefined, "ada"]) {
    test(`comes to an end if its reader keeps creating sessions (owner: ${owner})`, async () => {
      const store = await filled(10, { owner: "ada" });
      let created = 10;
      for await (const _ of store.list(owner)) {
        if (created < 1_000) await store.save(handle(created), record({ owner: "ada" }));
        created += 1;
      }
      expect(created).toBe(20);
    });

    test(`lets other work in (owner: ${owner})`, async () => {
      const store = await filled(5_000, { owner: "ada" });
      expect(await inEachTick(collect(store.list(owner)), () => {})).toBeGreaterThanOrEqual(4);
    });

    test(`rejects if the store is closed meanwhile (owner: ${owner})`, async () => {
      const store = await filled(10, { owner: "ada" });
      const listed: string[] = [];
      const listing = async () => {
        for await (const [each] of store.list(owner)) {
          listed.push(each);
          await store.close();
        }
      };
      await expectCode(listing, "STORE_CLOSED");
      expect(listed).toEqual([handle(0)]);
    });
  }

  test("of an owner leaves out a session that passes to another one meanwhile", async () => {
    const store = await filled(3, { owner: "ada" });
    const listed: string[] = [];
    for await (const [each] of store.list("ada")) {
      listed.push(each);
      await store.save(handle(1), record({ revision: 2, owner: "bob" }));
    }
    expect(listed).toEqual([handle(0), handle(2)]);
    expect(await handlesIn(store, "ada")).toEqual([handle(0), handle(2)]);
    expect(await handlesIn(store, "bob")).toEqual([handle(1)]);
  });
});

test("a store with sessions holds no timer", async () => {
  const timeout = jest.spyOn(globalThis, "setTimeout");
  const interval = jest.spyOn(globalThis, "setInterval");
  const store = await filled(1);
  await store.touch(handle(0), Date.now() + 90_000);
  await store.sweep();
  expect(timeout).not.toHaveBeenCalled();
  expect(interval).not.toHaveBeenCalled();
});

test("a sweep and a list go on while timers are faked", async () => {
  const store = await filledWithExpired(1_500);
  jest.useFakeTimers();
  try {
    expect(await store.sweep()).toBe(1_500);
  } finally {
    jest.useRealTimers();
  }
});

test("await using closes the store", async () => {
  const store = new MemoryStore();
  await store[Symbol.asyncDispose]();
  await expectCode(store.load(a), "STORE_CLOSED");
});

test("an expired session that was deleted stays so if the clock is set back", async () => {
  const store = new MemoryStore();
  await store.save(a, record());
  const later = jest.spyOn(Date, "now").mockReturnValue(record().expiresAt + 1);
  expect(await store.delete(a)).toBe(false);
  later.mockRestore();
  expect(await store.load(a)).toBeUndefined();
});

const PASSED = [0, 1, START - 1, START];

test("a save or touch to an expiry that has passed is refused and changes nothing", async () => {
  using _ = new StoppedClock(START);
  const store = new MemoryStore({ maxSessions: 1 });
  const saved = record({ owner: "ada" });
  await store.save(a, saved);
  for (const expiresAt of PASSED) {
    expect(await store.save(a, record({ revision: 2, expiresAt }))).toBe(false);
    expect(await store.save(b, record({ expiresAt }))).toBe(false);
    expect(await store.touch(a, expiresAt)).toBe(false);
    expect(await store.touch(a, expiresAt, 1)).toBe(false);
  }
  expect(await collect(store.list("ada"))).toEqual([[a, saved]]);
  expect(await store.touch(a, START + 1)).toBe(true);
});

test("a session may be created and expire at any time that a Date can be", async () => {
  const times = fc.integer({ min: 0, max: LAST_TIME });
  const spans = fc.tuple(times, times, times).map((drawn) => drawn.sort((one, two) => one - two));
  await fc.assert(
    fc.asyncProperty(spans, async ([createdAt = 0, now = 0, expiresAt = 0]) => {
      fc.pre(now < expiresAt);
      using clock = new StoppedClock(now);
      const store = new MemoryStore();
      const saved = record({ createdAt, expiresAt });
      expect(await store.save(a, saved)).toBe(true);
      expect(await store.load(a)).toEqual(saved);
      clock.set(expiresAt - 1);
      expect(await store.sweep()).toBe(0);
      clock.set(expiresAt);
      expect(await store.load(a)).toBeUndefined();
      expect(await store.sweep()).toBe(1);
    }),
    { examples: [[[0, 0, 1]], [[0, 0, LAST_TIME]], [[LAST_TIME - 1, LAST_TIME - 1, LAST_TIME]]] },
  );
});

test("calls that were made before close() are carried out", async () => {
  const store = await filled(1);
  const saved = record();
  const calls = [
    store.load(handle(0)),
    store.save(a, saved),
    store.touch(a, saved.expiresAt + 1),
    store.delete(handle(0)),
    store.sweep(),
  ];
  await store.close();
  expect(await Promise.all(calls)).toEqual([expect.anything(), true, true, true, 0]);
});
