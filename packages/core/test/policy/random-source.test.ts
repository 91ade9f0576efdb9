import crypto from "node:crypto";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { expectCode, SpyStore } from "@sess/test-support";
import { loaded, saved, stored } from "../support/sessions.ts";
import { pass, startTime, stopTime } from "../support/time.ts";

let store: SpyStore;
let sessions: SessionManager;

beforeEach(() => {
  stopTime();
  store = new SpyStore();
  sessions = new SessionManager({ store });
});

afterEach(() => {
  startTime();
  jest.restoreAllMocks();
});

test("ids come from the system's generator and from nothing else", () => {
  const pattern = Buffer.from(Array.from({ length: 4_096 }, (_, at) => at % 251));
  jest.spyOn(crypto, "randomFillSync").mockImplementation((target) => fill(target, pattern));
  jest.spyOn(Math, "random").mockImplementation(() => {
    throw new Error("not for ids");
  });
  expect(sessions.create().id).toBe(pattern.toString("base64url", 0, 32));
  expect(sessions.create().id).toBe(pattern.toString("base64url", 32, 64));
});

test("the bytes of an id are not kept", () => {
  const pools: NodeJS.ArrayBufferView[] = [];
  const original = crypto.randomFillSync;
  jest.spyOn(crypto, "randomFillSync").mockImplementation((target) => {
    pools.push(target);
    return original(target);
  });
  const { id } = sessions.create();
  expect(pools).toHaveLength(1);
  for (const { buffer, byteOffset, byteLength } of pools) {
    const pool = Buffer.from(buffer, byteOffset, byteLength);
    expect(pool.includes(Buffer.from(id, "base64url"))).toBe(false);
  }
});

test("if the generator fails, no id is issued and nothing is stored", async () => {
  const { id } = await saved(sessions);
  const before = new Map(store.records);
  breakGenerator();
  const fresh = new SessionManager({ store });
  expect(() => fresh.create()).toThrow("no entropy");
  await expect(fresh.open(null)).rejects.toThrow("no entropy");
  // This is not reported as a failure of the store.
  await expect(fresh.open("x".repeat(43))).rejects.toThrow("no entropy");
  const session = await loaded(fresh, id);
  await expect(session.regenerate()).rejects.toThrow("no entropy");
  session.set("alias", "another");
  await expect(session.save()).rejects.toThrow("no entropy");
  expect(store.records).toEqual(before);
});

test("after the generator has failed, a session can be saved once it works again", async () => {
  const session = await saved(sessions);
  const { id } = session;
  const broken = breakGenerator();
  exhaust();
  await expect(session.regenerate()).rejects.toThrow("no entropy");
  broken.mockRestore();
  session.set("alias", "another");
  await session.save();
  expect(session.id).toBe(id);
  expect(await stored(sessions, id)).toEqual({ alias: "another" });
});

test("two sessions never mix, even if the generator repeats itself", async () => {
  jest
    .spyOn(crypto, "randomFillSync")
    .mockImplementation((target) => fill(target, Buffer.alloc(4_096, 7)));
  const victim = await saved(sessions, { alias: "victim" }, "them");
  await pass(1);
  const twin = new SessionManager({ store }).create();
  expect(twin.id).toBe(victim.id);
  twin.set("alias", "twin");
  await expectCode(twin.save(), "SESSION_DESTROYED");
  expect(await stored(sessions, victim.id)).toEqual({ alias: "victim" });
});

function fill<T extends NodeJS.ArrayBufferView>(target: T, bytes: Buffer): T {
  bytes.copy(Buffer.from(target.buffer, target.byteOffset, target.byteLength));
  return target;
}

function breakGenerator() {
  return jest.spyOn(crypto, "randomFillSync").mockImplementation(() => {
    throw new Error("no entropy");
  });
}

/** Uses up the bytes that were drawn before the generator broke. */
function exhaust(): void {
  expect(() => {
    for (let drawn = 0; drawn < 1_000; drawn += 1) sessions.create();
  }).toThrow("no entropy");
}
