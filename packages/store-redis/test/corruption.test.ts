import { beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { RedisStore } from "@sess/store-redis";
import { missingRedis, openRedis, orSkip } from "@sess/test-servers";
import { afterTests, collect, expectCode, handle, record, rejection } from "@sess/test-support";
import { connected, newPrefix, newStore, rejectedWith } from "./support/stores.ts";

const corrupt = expect.objectContaining({ code: "RECORD_CORRUPT" });

/** Where the times stand in a record: the checksum leaves them out, since a touch overwrites them. */
const TIMES = {
  "without an owner": { expiresAt: [1, 12], namedUntil: [12, 12] },
  "with an owner": { expiresAt: [1, 12], namedUntil: [12, 28] },
} as const;

let client: Awaited<ReturnType<typeof connected>>;
let store: RedisStore;
let prefix: string;

beforeAll(async () => {
  const { url, stop } = await openRedis();
  afterTests(stop);
  client = await connected(url);
});

beforeEach(() => {
  prefix = newPrefix();
  store = newStore(client, prefix);
});

const raw = (...command: string[]) => client.sendCommand(command);
const keyOf = (session: string) => `${prefix}${session}`;

orSkip(describe, missingRedis())("a record cannot be read", () => {
  describe.each([
    ["without an owner", {}],
    ["with an owner", { owner: "ada" }],
  ] as const)("%s", (kind, fields) => {
    let text: string;

    beforeEach(async () => {
      await store.save(handle(1), record({ data: "short", ...fields }));
      text = String(await raw("GET", keyOf(handle(1))));
    });

    test("if any of its characters is wrong", async () => {
      const { expiresAt, namedUntil } = TIMES[kind];
      for (let at = 0; at < text.length; at += 1) {
        // The script alone uses namedUntil.
        if (at >= namedUntil[0] && at < namedUntil[1]) continue;
        const isTime = at >= expiresAt[0] && at < expiresAt[1];
        const wrong = isTime || text[at] === "!" ? "\t" : "!";
        await raw("SET", keyOf(handle(1)), text.slice(0, at) + wrong + text.slice(at + 1));
        await expectCode(store.load(handle(1)), "RECORD_CORRUPT");
      }
    });

    test("if it is cut short", async () => {
      for (let length = 0; length < text.length; length += 1) {
        await raw("SET", keyOf(handle(1)), text.slice(0, length));
        await expectCode(store.load(handle(1)), "RECORD_CORRUPT");
      }
    });

    test("by a write either, which leaves it alone", async () => {
      for (const wrong of [`3${text.slice(1)}`, text.slice(0, 20), text.replaceAll("\n", "")]) {
        await raw("SET", keyOf(handle(1)), wrong);
        for (const write of [
          () => store.save(handle(1), record({ revision: 2 })),
          () => store.save(handle(1), record({ revision: 2, owner: "ada" })),
          () => store.save(handle(1), record({ owner: "ada" })),
          () => store.touch(handle(1), Date.now() + 9_000_000),
          () => store.touch(handle(1), Date.now() + 9_000_000, 1),
          () => store.delete(handle(1), 1),
        ]) {
          await expectCode(write, "RECORD_CORRUPT");
        }
        expect(await store.save(handle(1), record())).toBe(false);
        expect(await raw("GET", keyOf(handle(1)))).toBe(wrong);
      }
    });
  });

  test("if it is that of another session", async () => {
    await store.save(handle(2), record());
    await raw("COPY", keyOf(handle(2)), keyOf(handle(3)));
    await expectCode(store.load(handle(3)), "RECORD_CORRUPT");
  });

  test.each([0, 1, 600, 1_022, 1_023, 1_024, 70_000])(
    "by the next save, if it was cut, with data of %d bytes or characters of several bytes",
    async (length) => {
      for (const data of ["x".repeat(length), "漢".repeat(length / 3)]) {
        for (const fields of [{}, { owner: "ada" }]) {
          await store.delete(handle(1));
          const first = record({ data, ...fields });
          await store.save(handle(1), first);
          expect(await store.save(handle(1), { ...first, revision: 2 })).toBe(true);
          const text = String(await raw("GET", keyOf(handle(1))));
          await raw("SET", keyOf(handle(1)), text.slice(0, -1), "KEEPTTL");
          await expectCode(store.save(handle(1), { ...first, revision: 3 }), "RECORD_CORRUPT");
          await expectCode(store.load(handle(1)), "RECORD_CORRUPT");
        }
      }
    },
  );

  test("by a touch, if it does not say how long its owner's index names it", async () => {
    await store.save(handle(1), record({ owner: "ada" }));
    await raw("SETRANGE", keyOf(handle(1)), "12", "!");
    await expectCode(store.touch(handle(1), Date.now() + 1_000), "RECORD_CORRUPT");
  });

  test.each([
    ["a list", ["RPUSH", "one"], "list"],
    ["text of something else", ["SET", "hello"], "string"],
    ["text without characters", ["SET", ""], "string"],
  ])(
    "if it is %s, alone and among others; it can be deleted",
    async (_, [verb = "", value = ""], type) => {
      const foreign = handle(4);
      await store.save(handle(2), record());
      await raw(verb, keyOf(foreign), value);
      await expectCode(store.load(foreign), "RECORD_CORRUPT");
      const [one, other] = await Promise.allSettled([store.load(foreign), store.load(handle(2))]);
      expect(one).toEqual(rejectedWith(corrupt));
      expect(other).toMatchObject({ status: "fulfilled", value: { revision: 1 } });
      for (const fields of [{}, { owner: "ada" }, { revision: 2 }, { revision: 2, owner: "ada" }]) {
        const saved = await store.save(foreign, record(fields)).catch((error: unknown) => error);
        expect([false, corrupt]).toContainEqual(saved);
      }
      expect(await raw("TYPE", keyOf(foreign))).toBe(type);
      expect(await store.delete(foreign)).toBe(true);
      expect(await store.load(foreign)).toBeUndefined();
    },
  );
});

orSkip(describe, missingRedis())("a record that", () => {
  test("has lost its expiry is gone all the same when its time is over", async () => {
    await store.save(handle(5), record({ expiresAt: Date.now() + 50 }));
    await raw("PERSIST", keyOf(handle(5)));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await raw("EXISTS", keyOf(handle(5)))).toBe(1);
    expect(await store.load(handle(5))).toBeUndefined();
  });

  test("cannot be read hides no other from a listing", async () => {
    const [one, other, foreign] = [handle(11), handle(12), handle(13)];
    for (const each of [one, other, foreign]) await store.save(each, record({ owner: "bob" }));
    await store.save(handle(14), record({ owner: "eve" }));
    await raw("SETRANGE", keyOf(one), "20", "!!!!!!!!!!!");
    await raw("DEL", keyOf(foreign));
    await raw("RPUSH", keyOf(foreign), "one");
    for (const owner of [undefined, "bob"]) {
      const listed: string[] = [];
      const listing = async () => {
        for await (const [each] of store.list(owner)) listed.push(each);
      };
      expect(await rejection(listing)).toMatchObject({ code: "RECORD_CORRUPT", cause: corrupt });
      expect(listed).toContain(other);
    }
    expect((await collect(store.list("eve"))).map(([each]) => each)).toEqual([handle(14)]);
  });
});
