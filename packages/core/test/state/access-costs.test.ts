import { beforeEach, expect, test } from "@jest/globals";
import { type Session, SessionManager } from "@sess/core";
import { collect, SpyStore } from "@sess/test-support";
import { SpyCodec } from "../support/codecs.ts";
import { loaded } from "../support/sessions.ts";

const KEYS = 11;

let codec: SpyCodec;
let sessions: SessionManager;
/** The id of a stored session of 8 KiB in eleven keys. */
let id: string;

beforeEach(async () => {
  codec = new SpyCodec();
  sessions = new SessionManager({ store: new SpyStore(), codec });
  const session = sessions.create();
  for (let key = 0; key < KEYS; key += 1) session.set(`key ${key}`, { key, text: "x".repeat(730) });
  session.set("key 10", 10);
  session.flash("info", "hello");
  session.owner = "me";
  await session.save();
  id = session.id;
  codec.forget();
});

/** How many values one access, from load to save, encodes and decodes. */
async function costOf(use: (session: Session) => unknown) {
  const session = await loaded(sessions, id);
  await use(session);
  await session.save();
  return { encoded: codec.encoded.length, decoded: codec.decoded.length };
}

test("loading decodes nothing", async () => {
  expect(await costOf(() => {})).toEqual({ encoded: 0, decoded: 0 });
});

test("reading two of eleven keys decodes two values", async () => {
  const { decoded } = await costOf((session) => {
    expect(session.get("key 3")).toMatchObject({ key: 3 });
    expect(session.get("key 10")).toBe(10);
    session.get("key 3");
  });
  expect(decoded).toBe(2);
});

test("keys() and has() decode nothing", async () => {
  const cost = await costOf((session) => {
    expect(session.keys()).toHaveLength(KEYS);
    expect(session.has("key 1")).toBe(true);
    expect(session.has("key 99")).toBe(false);
  });
  expect(cost).toEqual({ encoded: 0, decoded: 0 });
});

test("saving one changed key encodes one value and decodes none", async () => {
  const cost = await costOf((session) => session.set("key 10", 11));
  expect(cost).toEqual({ encoded: 1, decoded: 0 });
});

test("saving one new object encodes that value alone, when it is set and when it is saved", async () => {
  const value = { key: "new" };
  const cost = await costOf((session) => session.set("key 4", value));
  expect(cost).toEqual({ encoded: 2, decoded: 0 });
  expect(codec.encoded.every((each) => each === value)).toBe(true);
});

test("deleting, clearing and changing the owner encode nothing", async () => {
  const cost = await costOf((session) => {
    session.delete("key 1");
    session.owner = "you";
  });
  expect(cost).toEqual({ encoded: 0, decoded: 0 });
  expect(await costOf((session) => session.clear())).toEqual({ encoded: 0, decoded: 0 });
});

test("saving compares those values that were read and are objects", async () => {
  const { encoded } = await costOf((session) => {
    session.get("key 1");
    session.get("key 2");
    session.get("key 10");
  });
  expect(encoded).toBe(2);
});

test("taking messages decodes the messages", async () => {
  expect(await costOf((session) => session.takeFlash("info"))).toEqual({ encoded: 0, decoded: 1 });
});

test("regenerate() encodes nothing that was not touched", async () => {
  expect(await costOf((session) => session.regenerate())).toEqual({ encoded: 0, decoded: 0 });
});

test("a list decodes the values that its summaries are asked for", async () => {
  const [summary] = await collect(sessions.list("me"));
  expect(codec.decoded).toHaveLength(0);
  expect(summary?.get("key 10")).toBe(10);
  expect(codec.decoded).toHaveLength(1);
});

test("a save that is refused encodes its own change only", async () => {
  const session = await loaded(sessions, id);
  await sessions.update(id, (other) => other.set("key 1", 1));
  codec.forget();
  session.set("key 2", 2);
  await session.save();
  expect(codec.encoded).toEqual([2]);
  expect(codec.decoded).toEqual([]);
});
