import { beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { PostgresStore } from "@sess/store-postgres";
import { collect, handle, handles, record, rejection } from "@sess/test-support";
import {
  expireRow,
  schemaInProcess,
  type TableName,
  type TestSchema,
} from "./support/test-schema.ts";
import { WatchedClient } from "./support/watched-client.ts";

let schema: TestSchema;
let client: WatchedClient;
let names: TableName;
let store: PostgresStore;

beforeAll(async () => {
  schema = await schemaInProcess();
});

beforeEach(async () => {
  client = new WatchedClient(schema.db);
  names = schema.nextTable();
  store = new PostgresStore(client, names);
  await store.createTable();
});

function nextTick(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function saveAll(all: readonly string[], fields = {}): Promise<boolean[]> {
  return Promise.all(all.map((each) => store.save(each, record({ data: each, ...fields }))));
}

describe("a call alone", () => {
  test.each([
    ["a first save", "insert 1", () => store.save(handle(2), record())],
    ["a later save", "update 1", () => store.save(handle(1), record({ revision: 2 }))],
    ["a load", "select 1", () => store.load(handle(1))],
    ["a touch", "update 1", () => store.touch(handle(1), Date.now() + 1000)],
    ["a delete", "delete 1", () => store.delete(handle(1))],
    ["a delete with a revision", "delete 1", () => store.delete(handle(1), 1)],
    ["a sweep that finds less than it may take", "delete 1", () => store.sweep()],
    ["a list of less than a page", "select 1", () => collect(store.list("ada"))],
  ])("goes out as one statement: %s", async (_, statement, call) => {
    await store.save(handle(1), record());
    expect(await client.during(call)).toEqual([statement]);
  });
});

describe("the calls of one tick", () => {
  test("load as one statement, each answered by its own record or by none", async () => {
    await saveAll(handles(50));
    const all = handles(60);
    let loaded: unknown[] = [];
    const sent = await client.during(async () => {
      loaded = await Promise.all(all.map(async (each) => (await store.load(each))?.data));
    });
    expect(sent).toEqual(["select 60"]);
    expect(loaded).toEqual(all.map((each, index) => (index < 50 ? each : undefined)));
  });

  test("load one session once, and each gets a record of its own", async () => {
    await saveAll(handles(1));
    let loaded: unknown[] = [];
    const sent = await client.during(async () => {
      loaded = await Promise.all(Array.from({ length: 10 }, () => store.load(handle(0))));
    });
    expect(sent).toEqual(["select 1"]);
    expect(new Set(loaded).size).toBe(10);
    expect(loaded).toEqual(loaded.map(() => loaded[0]));
  });

  test("save for the first time together, all but the one over a live session", async () => {
    await saveAll([handle(3)]);
    let saved: boolean[] = [];
    const sent = await client.during(async () => {
      saved = await saveAll(handles(10), { data: "later" });
    });
    // The second one tells why the first did not save it.
    expect(sent).toEqual(["insert 10", "insert 1"]);
    expect(saved).toEqual(handles(10).map((_, index) => index !== 3));
    expect((await store.load(handle(3)))?.data).toBe(handle(3));
  });

  test("save again together, all but a stale save and one over nothing", async () => {
    await saveAll(handles(5));
    await store.save(handle(1), record({ revision: 2, data: "newer" }));
    let saved: boolean[] = [];
    const sent = await client.during(async () => {
      saved = await saveAll(handles(6), { revision: 2, data: "second", owner: "ada" });
    });
    expect(sent).toEqual(["update 6", "update 2"]);
    expect(saved).toEqual([true, false, true, true, true, false]);
    expect((await store.load(handle(1)))?.data).toBe("newer");
    expect(await store.load(handle(0))).toMatchObject({
      data: "second",
      owner: "ada",
      revision: 2,
    });
    expect(await store.load(handle(5))).toBeUndefined();
  });

  test("touch together, with a revision and without", async () => {
    await saveAll(handles(4));
    const expiresAt = Date.now() + 9_000_000;
    let touched: boolean[] = [];
    const sent = await client.during(async () => {
      touched = await Promise.all([
        store.touch(handle(0), expiresAt),
        store.touch(handle(1), expiresAt + 1, 1),
        store.touch(handle(2), expiresAt + 2, 2),
        store.touch(handle(9), expiresAt),
      ]);
    });
    expect(sent).toEqual(["update 4", "update 2"]);
    expect(touched).toEqual([true, true, false, false]);
    const loaded = await Promise.all(handles(2).map((each) => store.load(each)));
    expect(loaded.map((found) => found?.expiresAt)).toEqual([expiresAt, expiresAt + 1]);
  });

  test("delete together, with a revision and without, and no expired session counts", async () => {
    await saveAll(handles(3));
    await saveAll([handle(3)]);
    await expireRow(schema.db, names, handle(3));
    let deleted: boolean[] = [];
    const sent = await client.during(async () => {
      deleted = await Promise.all([
        store.delete(handle(0)),
        store.delete(handle(1), 1),
        store.delete(handle(2), 2),
        store.delete(handle(3)),
        store.delete(handle(9)),
      ]);
    });
    expect(sent).toEqual(["delete 5", "delete 2"]);
    expect(deleted).toEqual([true, true, false, false, false]);
    expect((await collect(store.list())).map(([listed]) => listed)).toEqual([handle(2)]);
  });

  test("do not wait for those of the tick before", async () => {
    await saveAll(handles(2));
    const sent = client.sent.length;
    const release = client.hold();
    const first = store.load(handle(0));
    await nextTick();
    const second = store.load(handle(1));
    await nextTick();
    expect(client.sent.length - sent).toBe(2);
    release();
    expect(await Promise.all([first, second])).toEqual([expect.anything(), expect.anything()]);
  });

  test("go out even if a test has replaced the timers", async () => {
    jest.useFakeTimers();
    try {
      expect(await saveAll(handles(2))).toEqual([true, true]);
    } finally {
      jest.useRealTimers();
    }
  });

  test("are answered even if one of them passes a handle that is no text", async () => {
    await saveAll(handles(1));
    const handleless: { handle?: string } = {};
    const [found, senseless] = await Promise.allSettled([
      store.load(handle(0)),
      // @ts-expect-error: a caller without types may pass this
      store.load(handleless.handle),
    ]);
    expect(found).toMatchObject({ status: "fulfilled", value: { data: handle(0) } });
    expect(senseless).toMatchObject({ status: "rejected" });
  });

  test("are saved even if the server cannot take what one of them holds", async () => {
    const [good, bad, better] = await Promise.allSettled([
      store.save(handle(0), record()),
      store.save(handle(1), record({ data: "NUL: \0" })),
      store.save(handle(2), record()),
    ]);
    expect([good.status, bad.status, better.status]).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(await collect(store.list())).toHaveLength(2);
  });
});

describe("a batch", () => {
  test("holds 128 sessions at most", async () => {
    const sent = await client.during(() => saveAll(handles(300)));
    expect(sent).toEqual(["insert 128", "insert 128", "insert 44"]);
  });

  test("holds 128 Ki characters at most", async () => {
    const sent = await client.during(() => saveAll(handles(60), { data: "x".repeat(4000) }));
    expect(sent).toEqual(["insert 32", "insert 28"]);
  });

  test("holds sessions of 8 KB together", async () => {
    const sent = await client.during(() => saveAll(handles(20), { data: "x".repeat(8192) }));
    expect(sent).toEqual(["insert 16", "insert 4"]);
  });

  test("holds no session above 32 KB beside another", async () => {
    const large = record({ data: "x".repeat(40_000) });
    const sent = await client.during(() =>
      Promise.all([
        store.save(handle(0), record()),
        store.save(handle(1), record()),
        store.save(handle(2), large),
        store.save(handle(3), large),
        store.save(handle(4), record()),
        store.save(handle(5), record()),
      ]),
    );
    expect(sent).toEqual(["insert 2", "insert 1", "insert 1", "insert 2"]);
    expect(await collect(store.list())).toHaveLength(6);
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

  test("a delete behind a save of the same tick stays behind it", async () => {
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

  test("a write that is refused does not hold up the next", async () => {
    const [refused, removed] = await Promise.allSettled([
      store.save(handle(0), record({ expiresAt: Number.NaN })),
      store.delete(handle(0)),
    ]);
    expect([refused.status, removed]).toEqual(["rejected", { status: "fulfilled", value: false }]);
  });
});

test("close() waits for the calls under way and takes no more", async () => {
  const release = client.hold();
  const saving = saveAll(handles(10));
  const queued = [store.save(handle(0), record({ revision: 2 })), store.delete(handle(0), 2)];
  let isClosed = false;
  const closing = store.close().then(() => {
    isClosed = true;
  });
  expect(await rejection(store.load(handle(1)))).toMatchObject({ code: "STORE_CLOSED" });
  await nextTick();
  expect(isClosed).toBe(false);
  release();
  await closing;
  expect(await Promise.all([saving, ...queued])).toEqual([handles(10).map(() => true), true, true]);
  expect(await client.during(() => rejection(store.delete(handle(1))))).toEqual([]);
});
