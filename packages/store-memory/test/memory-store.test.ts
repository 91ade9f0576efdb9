import { afterEach, describe, expect, jest, test } from "@jest/globals";
import type { SessionRecord } from "@sess/core";
import { MemoryStore } from "@sess/store-memory";
import fc from "fast-check";

const record = (fields: Partial<SessionRecord> = {}): SessionRecord => ({
  revision: 1,
  createdAt: Date.now(),
  expiresAt: Date.now() + 60_000,
  data: "data",
  ...fields,
});

async function keysOf(store: MemoryStore, owner?: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const [key] of store.list(owner)) keys.push(key);
  return keys.sort();
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe("maxSessions", () => {
  test("when it is full the session goes that was saved longest ago", async () => {
    const store = new MemoryStore({ maxSessions: 2 });
    await store.save("a", record());
    await store.save("b", record());
    await store.save("a", record({ revision: 2 }));
    await store.save("c", record());
    expect(await keysOf(store)).toEqual(["a", "c"]);
  });

  test("a load, a touch and a refused save do not keep a session", async () => {
    const store = new MemoryStore({ maxSessions: 2 });
    await store.save("a", record());
    await store.save("b", record());
    await store.load("a");
    await store.touch("a", Date.now() + 120_000);
    await store.save("a", record({ revision: 7 }));
    await store.save("c", record());
    expect(await keysOf(store)).toEqual(["b", "c"]);
  });

  test("a session that went is gone from its owner too", async () => {
    const store = new MemoryStore({ maxSessions: 1 });
    await store.save("a", record({ owner: "ada" }));
    await store.save("b", record());
    expect(await keysOf(store, "ada")).toEqual([]);
    expect(await store.save("a", record({ revision: 2 }))).toBe(false);
  });

  test("deleted and swept sessions make room", async () => {
    const store = new MemoryStore({ maxSessions: 2 });
    await store.save("a", record());
    await store.save("b", record({ expiresAt: Date.now() - 1 }));
    await store.delete("a");
    await store.sweep();
    await store.save("c", record());
    await store.save("d", record());
    expect(await keysOf(store)).toEqual(["c", "d"]);
  });

  test("any sequence of saves and deletes leaves the newest", async () => {
    const steps = fc.array(fc.record({ key: fc.nat(9), kept: fc.boolean() }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 6 }), async (steps, maxSessions) => {
        const store = new MemoryStore({ maxSessions });
        let newest: string[] = [];
        for (const { key, kept } of steps) {
          const name = `key ${key}`;
          const revision = ((await store.load(name))?.revision ?? 0) + 1;
          if (kept) await store.save(name, record({ revision, owner: `owner ${key % 3}` }));
          else await store.delete(name);
          newest = newest.filter((each) => each !== name);
          if (kept) newest = [...newest, name].slice(-maxSessions);
        }
        expect(await keysOf(store)).toEqual([...newest].sort());
        for (const owner of [0, 1, 2]) {
          const own = newest.filter((name) => Number(name.slice(4)) % 3 === owner);
          expect(await keysOf(store, `owner ${owner}`)).toEqual(own.sort());
        }
      }),
    );
  });
});

describe("options", () => {
  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])(
    "maxSessions %p is refused",
    (maxSessions) => {
      expect(() => new MemoryStore({ maxSessions })).toThrow(
        expect.objectContaining({
          code: "INVALID_OPTION",
          message: expect.stringContaining("whole number above 0"),
        }),
      );
    },
  );

  test("an option that does not exist is refused by name", () => {
    const options = { maxSessions: 10, maxSession: 10 };
    expect(() => new MemoryStore(options)).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTION",
        message: expect.stringContaining("maxSession;"),
      }),
    );
  });

  test("options that change later change nothing", async () => {
    const options = { maxSessions: 2 };
    const store = new MemoryStore(options);
    options.maxSessions = 1;
    await store.save("a", record());
    await store.save("b", record());
    expect(await keysOf(store)).toEqual(["a", "b"]);
  });
});

describe("sweep", () => {
  test("others have their turn while many records are removed", async () => {
    const store = new MemoryStore();
    for (let index = 0; index < 5_000; index += 1) {
      await store.save(`key ${index}`, record({ expiresAt: 1 }));
    }
    let turns = 0;
    let sweeping = true;
    const count = () => {
      turns += 1;
      if (sweeping) setImmediate(count);
    };
    setImmediate(count);
    const removed = await store.sweep();
    sweeping = false;
    expect(removed).toBe(5_000);
    expect(turns).toBeGreaterThanOrEqual(4);
  });

  test("sessions that are created meanwhile do not make it longer", async () => {
    const store = new MemoryStore();
    for (let index = 0; index < 3_000; index += 1) {
      await store.save(`key ${index}`, record({ expiresAt: 1 }));
    }
    let created = 0;
    let sweeping = true;
    const create = () => {
      for (let index = 0; index < 2_000; index += 1) {
        created += 1;
        store.save(`new ${created}`, record({ expiresAt: 1 }));
      }
      if (sweeping && created < 100_000) setImmediate(create);
    };
    setImmediate(create);
    await store.sweep();
    sweeping = false;
    expect(created).toBeLessThan(20_000);
  });

  test("a session that is refreshed while a sweep pauses stays", async () => {
    const store = new MemoryStore();
    for (let index = 0; index < 1_500; index += 1) {
      await store.save(`key ${index}`, record({ expiresAt: 1 }));
    }
    const sweeping = store.sweep();
    await store.save("key 0", record());
    expect(await sweeping).toBe(1_499);
    expect(await keysOf(store)).toEqual(["key 0"]);
  });
});

test("a sweep meets all that has expired, whatever is removed while it pauses", async () => {
  const store = new MemoryStore();
  for (let index = 0; index < 6_000; index += 1) {
    const expiresAt = index % 2 === 0 ? 1 : record().expiresAt;
    await store.save(`key ${index}`, record({ expiresAt }));
  }
  let sweeping = true;
  let ended = 1;
  const end = () => {
    for (const last = ended + 200; ended < last; ended += 2) void store.delete(`key ${ended}`);
    if (sweeping) setImmediate(end);
  };
  setImmediate(end);
  const removed = await store.sweep();
  sweeping = false;
  expect(removed).toBe(3_000);
  expect(ended).toBeGreaterThan(600);
  expect(await store.sweep()).toBe(0);
});

test("a listing shows all that stay, whatever comes and goes while it is read", async () => {
  const store = new MemoryStore();
  for (let index = 0; index < 3_000; index += 1) await store.save(`key ${index}`, record());
  const listed = new Set<string>();
  let come = 3_000;
  for await (const [key] of store.list()) {
    listed.add(key);
    if (come >= 4_000) continue;
    // Every third goes, from the beginning on, and a new one comes.
    await store.delete(`key ${3 * (come - 3_000)}`);
    await store.save(`key ${come}`, record());
    come += 1;
  }
  const stayed = Array.from({ length: 3_000 }, (_, index) => index).filter(
    (index) => index % 3 > 0,
  );
  expect(stayed.filter((index) => !listed.has(`key ${index}`))).toEqual([]);
});

test("nothing waits for an expiry: a store with sessions holds no timer", async () => {
  const timer = jest.spyOn(globalThis, "setTimeout");
  const interval = jest.spyOn(globalThis, "setInterval");
  const store = new MemoryStore();
  await store.save("a", record());
  await store.touch("a", Date.now() + 90_000);
  await store.sweep();
  expect(timer).not.toHaveBeenCalled();
  expect(interval).not.toHaveBeenCalled();
});

test("await using closes it", async () => {
  const store = new MemoryStore();
  await store[Symbol.asyncDispose]();
  await expect(store.load("a")).rejects.toMatchObject({ code: "STORE_CLOSED" });
});

test("a sweep that is under way when it closes ends", async () => {
  const store = new MemoryStore();
  for (let index = 0; index < 3_000; index += 1) {
    await store.save(`key ${index}`, record({ expiresAt: 1 }));
  }
  const sweeping = store.sweep();
  await store.close();
  expect(await sweeping).toBeLessThan(3_000);
});

test("an expired session that was deleted does not live again when the clock is set back", async () => {
  const store = new MemoryStore();
  await store.save("a", record());
  const later = jest.spyOn(Date, "now").mockReturnValue(record().expiresAt + 1);
  expect(await store.delete("a")).toBe(false);
  later.mockRestore();
  expect(await store.load("a")).toBeUndefined();
});
