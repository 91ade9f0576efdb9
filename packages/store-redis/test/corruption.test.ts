import { beforeAll, describe, expect, test } from "@jest/globals";
import type { RedisStore } from "@sess/store-redis";
import { missingRedis, openRedis, orSkip } from "@sess/test-servers";
import {
  atEnd,
  collect,
  connected,
  handle,
  newPrefix,
  newStore,
  record,
  rejection,
} from "./scratch.ts";

const corrupt = expect.objectContaining({ code: "RECORD_CORRUPT" });
const key = handle(1);

let store: RedisStore;
let raw: (...command: string[]) => Promise<unknown>;
let prefix: string;

beforeAll(async () => {
  const { url, stop } = await openRedis();
  atEnd(stop);
  const client = await connected(url);
  raw = (...command) => client.sendCommand(command);
  prefix = newPrefix();
  store = newStore(client, prefix);
});

orSkip(describe, missingRedis())("a record", () => {
  test.each([{}, { owner: "ada" }])(
    "of %p with one wrong or missing character is RECORD_CORRUPT",
    async (fields) => {
      await store.delete(key);
      const saved = record({ data: "short", ...fields });
      await store.save(key, saved);
      const text = String(await raw("GET", `${prefix}${key}`));
      // What is not told by the checksum are the times, which a touch overwrites in place.
      const summed = (fields.owner === undefined ? 1 : 2) * 11 + 1;
      for (let at = 0; at < text.length; at += 1) {
        const isTime = at >= 1 && at < summed;
        const wrong =
          text.slice(0, at) + (isTime || text[at] === "!" ? "\t" : "!") + text.slice(at + 1);
        await raw("SET", `${prefix}${key}`, wrong);
        // `until` is for the scripts alone.
        if (at >= 12 && at < summed) continue;
        expect(await rejection(store.load(key))).toEqual(corrupt);
      }
      for (let length = 0; length < text.length; length += 1) {
        await raw("SET", `${prefix}${key}`, text.slice(0, length));
        expect(await rejection(store.load(key))).toEqual(corrupt);
      }
      await raw("SET", `${prefix}${key}`, text);
      expect(await store.load(key)).toEqual(saved);
    },
  );

  test("of another session in its place is RECORD_CORRUPT", async () => {
    await store.save(handle(2), record());
    await raw("COPY", `${prefix}${handle(2)}`, `${prefix}${handle(3)}`);
    expect(await rejection(store.load(handle(3)))).toEqual(corrupt);
  });

  test.each([
    ["a list", ["RPUSH", "", "one"]],
    ["text of something else", ["SET", "", "hello"]],
    ["no text", ["SET", "", ""]],
  ])(
    "that is %s is RECORD_CORRUPT, alone and among others, and can be deleted",
    async (_, command) => {
      const foreign = handle(4);
      const [verb = "", , value = ""] = command;
      await store.delete(foreign);
      await raw(verb, `${prefix}${foreign}`, value);
      expect(await rejection(store.load(foreign))).toEqual(corrupt);
      const [one, other] = await Promise.allSettled([store.load(foreign), store.load(handle(2))]);
      expect(one).toEqual({ status: "rejected", reason: corrupt });
      expect(other).toMatchObject({ status: "fulfilled", value: { revision: 1 } });
      for (const revision of [1, 2]) {
        const saved = await store
          .save(foreign, record({ revision }))
          .catch((error: unknown) => error);
        expect([false, corrupt]).toContainEqual(saved);
      }
      expect(await raw("TYPE", `${prefix}${foreign}`)).toBe(verb === "RPUSH" ? "list" : "string");
      expect(await store.delete(foreign)).toBe(true);
      expect(await store.load(foreign)).toBeUndefined();
    },
  );

  test("that has lost its expiry is gone all the same when its time is over", async () => {
    const brief = handle(5);
    await store.save(brief, record({ expiresAt: Date.now() + 50 }));
    await raw("PERSIST", `${prefix}${brief}`);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await raw("EXISTS", `${prefix}${brief}`)).toBe(1);
    expect(await store.load(brief)).toBeUndefined();
  });

  test("that cannot be read shields no other from a listing", async () => {
    const [one, other, foreign] = [handle(11), handle(12), handle(13)];
    for (const each of [one, other, foreign]) await store.save(each, record({ owner: "bob" }));
    await store.save(handle(14), record({ owner: "eve" }));
    await raw("SETRANGE", `${prefix}${one}`, "20", "!!!");
    await raw("DEL", `${prefix}${foreign}`);
    await raw("RPUSH", `${prefix}${foreign}`, "one");
    for (const owner of [undefined, "bob"]) {
      const listed: string[] = [];
      const listing = async () => {
        for await (const [each] of store.list(owner)) listed.push(each);
      };
      expect(await rejection(listing())).toMatchObject({ code: "RECORD_CORRUPT", cause: corrupt });
      expect(listed).toContain(other);
    }
    expect((await collect(store.list("eve"))).map(([each]) => each)).toEqual([handle(14)]);
  });
});
