import { beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { PostgresStore } from "@sess/store-postgres";
import { type Place, placeInProcess } from "./place.ts";
import { collect, handle, handles, record, rejection } from "./sessions.ts";
import { Watched } from "./watched.ts";

let place: Place;
let watched: Watched;
let store: PostgresStore;

beforeAll(async () => {
  place = await placeInProcess();
});

beforeEach(async () => {
  watched = new Watched(place.db);
  store = new PostgresStore(watched, place.table());
  await store.createTable();
});

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function saveAll(keys: readonly string[], fields = {}): Promise<boolean[]> {
  return Promise.all(keys.map((key) => store.save(key, record({ data: key, ...fields }))));
}

describe("a call alone is one statement:", () => {
  test.each([
    ["a first save", "insert 1", () => store.save(handle(2), record())],
    ["a later save", "update 1", () => store.save(handle(1), record({ revision: 2 }))],
    ["a load", "select 1", () => store.load(handle(1))],
    ["a touch", "update 1", () => store.touch(handle(1), Date.now() + 1000)],
    ["a delete", "delete 1", () => store.delete(handle(1))],
    ["a delete with a revision", "delete 1", () => store.delete(handle(1), 1)],
    ["a sweep that finds less than it may take", "delete 1", () => store.sweep()],
    ["a list of less than a page", "select 1", () => collect(store.list("ada"))],
  ])("%s", async (_, statement, call) => {
    await store.save(handle(1), record());
    expect(await watched.during(call)).toEqual([statement]);
  });
});

describe("calls of one turn go out together:", () => {
  test("loads, each answered by its own record or by none", async () => {
    await saveAll(handles(50));
    const keys = handles(60);
    let loaded: unknown[] = [];
    const sent = await watched.during(async () => {
      loaded = await Promise.all(keys.map(async (key) => (await store.load(key))?.data));
    });
    expect(sent).toEqual(["select 60"]);
    expect(loaded).toEqual(keys.map((key, index) => (index < 50 ? key : undefined)));
  });

  test("loads of one session ask for it once, and each has a record of its own", async () => {
    await saveAll(handles(1));
    let loaded: unknown[] = [];
    const sent = await watched.during(async () => {
      loaded = await Promise.all(Array.from({ length: 10 }, () => store.load(handle(0))));
    });
    expect(sent).toEqual(["select 1"]);
    expect(new Set(loaded).size).toBe(10);
    expect(loaded).toEqual(loaded.map(() => loaded[0]));
  });

  test("first saves, of which one that meets a live session is refused alone", async () => {
    await saveAll([handle(3)]);
    let saved: boolean[] = [];
    const sent = await watched.during(async () => {
      saved = await saveAll(handles(10), { data: "later" });
    });
    expect(sent).toEqual(["insert 10"]);
    expect(saved).toEqual(handles(10).map((_, index) => index !== 3));
    expect((await store.load(handle(3)))?.data).toBe(handle(3));
  });

  test("later saves, of which a stale one and one over nothing are refused alone", async () => {
    await saveAll(handles(5));
    await store.save(handle(1), record({ revision: 2, data: "newer" }));
    let saved: boolean[] = [];
    const sent = await watched.during(async () => {
      saved = await saveAll(handles(6), { revision: 2, data: "second", owner: "ada" });
    });
    expect(sent).toEqual(["update 6"]);
    expect(saved).toEqual([true, false, true, true, true, false]);
    expect((await store.load(handle(1)))?.data).toBe("newer");
    expect(await store.load(handle(0))).toMatchObject({
      data: "second",
      owner: "ada",
      revision: 2,
    });
    expect(await store.load(handle(5))).toBeUndefined();
  });

  test("touches, with a revision and without", async () => {
    await saveAll(handles(4));
    const expiresAt = Date.now() + 9_000_000;
    let touched: boolean[] = [];
    const sent = await watched.during(async () => {
      touched = await Promise.all([
        store.touch(handle(0), expiresAt),
        store.touch(handle(1), expiresAt + 1, 1),
        store.touch(handle(2), expiresAt + 2, 2),
        store.touch(handle(9), expiresAt),
      ]);
    });
    expect(sent).toEqual(["update 4"]);
    expect(touched).toEqual([true, true, false, false]);
    const loaded = await Promise.all(handles(2).map((key) => store.load(key)));
    expect(loaded.map((found) => found?.expiresAt)).toEqual([expiresAt, expiresAt + 1]);
  });

  test("deletes, with a revision and without", async () => {
    await saveAll(handles(3));
    await saveAll([handle(3)], { expiresAt: Date.now() - 1 });
    let deleted: boolean[] = [];
    const sent = await watched.during(async () => {
      deleted = await Promise.all([
        store.delete(handle(0)),
        store.delete(handle(1), 1),
        store.delete(handle(2), 2),
        store.delete(handle(3)),
        store.delete(handle(9)),
      ]);
    });
    expect(sent).toEqual(["delete 5"]);
    expect(deleted).toEqual([true, true, false, false, false]);
    expect((await collect(store.list())).map(([key]) => key)).toEqual([handle(2)]);
  });

  test("calls of the next turn do not wait for those of this one", async () => {
    await saveAll(handles(2));
    const sent = watched.sent.length;
    const open = watched.shut();
    const first = store.load(handle(0));
    await turn();
    const second = store.load(handle(1));
    await turn();
    expect(watched.sent.length - sent).toBe(2);
    open();
    expect(await Promise.all([first, second])).toEqual([expect.anything(), expect.anything()]);
  });

  test("also in a program whose test has replaced the timers", async () => {
    jest.useFakeTimers();
    try {
      expect(await saveAll(handles(2))).toEqual([true, true]);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe("a batch is bounded:", () => {
  test("by how many sessions it is about", async () => {
    const sent = await watched.during(() => saveAll(handles(300)));
    expect(sent).toEqual(["insert 128", "insert 128", "insert 44"]);
  });

  test("by how much text it carries", async () => {
    const sent = await watched.during(() => saveAll(handles(60), { data: "x".repeat(4000) }));
    expect(sent).toEqual(["insert 32", "insert 28"]);
  });

  test("sessions of 8 KB share a statement", async () => {
    const sent = await watched.during(() => saveAll(handles(20), { data: "x".repeat(8192) }));
    expect(sent).toEqual(["insert 16", "insert 4"]);
  });

  test("large sessions go each by itself", async () => {
    const large = record({ data: "x".repeat(40_000) });
    const sent = await watched.during(() =>
      Promise.all([
        store.save(handle(0), record()),
        store.save(handle(1), large),
        store.save(handle(2), large),
        store.save(handle(3), record()),
      ]),
    );
    expect(sent.sort()).toEqual(["insert 1", "insert 1", "insert 2"]);
    expect(await collect(store.list())).toHaveLength(4);
  });
});

describe("the writes to one session keep their order:", () => {
  test("of two saves of one revision the first wins", async () => {
    const saved = await Promise.all([
      store.save(handle(0), record({ data: "first" })),
      store.save(handle(0), record({ data: "second" })),
      store.save(handle(1), record()),
    ]);
    expect(saved).toEqual([true, false, true]);
    expect((await store.load(handle(0)))?.data).toBe("first");
  });

  test("revisions one after the other are all written", async () => {
    const revisions = Array.from({ length: 20 }, (_, index) => index + 1);
    const saved = await Promise.all(
      revisions.map((revision) => store.save(handle(0), record({ revision }))),
    );
    expect(saved).toEqual(revisions.map(() => true));
  });

  test("a delete behind a save of the same turn stays behind it", async () => {
    const outcomes = await Promise.all([
      store.save(handle(0), record()),
      store.delete(handle(0)),
      store.save(handle(0), record({ revision: 2 })),
      store.touch(handle(0), Date.now() + 1000),
      store.save(handle(0), record({ data: "begun anew" })),
    ]);
    expect(outcomes).toEqual([true, true, false, false, true]);
    expect((await store.load(handle(0)))?.data).toBe("begun anew");
  });

  test("a write that is refused holds up none behind it", async () => {
    const [refused, removed] = await Promise.allSettled([
      store.save(handle(0), record({ expiresAt: Number.NaN })),
      store.delete(handle(0)),
    ]);
    expect([refused.status, removed]).toEqual(["rejected", { status: "fulfilled", value: false }]);
  });
});

test("what one session holds and the server cannot take is the fault of none beside it", async () => {
  const [good, bad, better] = await Promise.allSettled([
    store.save(handle(0), record()),
    store.save(handle(1), record({ data: "NUL: \0" })),
    store.save(handle(2), record()),
  ]);
  expect([good.status, bad.status, better.status]).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(await collect(store.list())).toHaveLength(2);
});

test("what is closed waits for the calls that are under way, and takes no more", async () => {
  const open = watched.shut();
  const saving = saveAll(handles(10));
  const turns = [store.save(handle(0), record({ revision: 2 })), store.delete(handle(0), 2)];
  let isClosed = false;
  const closing = store.close().then(() => {
    isClosed = true;
  });
  expect(await rejection(store.load(handle(1)))).toMatchObject({ code: "STORE_CLOSED" });
  await turn();
  expect(isClosed).toBe(false);
  open();
  await closing;
  expect(await Promise.all([saving, ...turns])).toEqual([handles(10).map(() => true), true, true]);
  expect(await watched.during(() => rejection(store.delete(handle(1))))).toEqual([]);
});

test("a key that is no text rejects by itself, and the calls of its turn are answered", async () => {
  await saveAll(handles(1));
  const [key = ""] = handles(1);
  const [found, senseless] = await Promise.allSettled([
    store.load(key),
    store.load(Object(undefined).key),
  ]);
  expect(found).toMatchObject({ status: "fulfilled", value: { data: key } });
  expect(senseless).toMatchObject({ status: "rejected" });
});
