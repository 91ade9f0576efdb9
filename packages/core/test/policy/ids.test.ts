import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { SpyStore } from "@sess/test-support";
import { saved } from "../support/sessions.ts";
import { pass, startTime, stopTime } from "../support/time.ts";

const ISSUED = 10_000;
const madeUp = "A".repeat(43);

let store: SpyStore;
let sessions: SessionManager;

beforeEach(() => {
  store = new SpyStore();
  sessions = new SessionManager({ store });
});

describe("an id", () => {
  test("is 43 characters of the base64url alphabet", () => {
    expect(sessions.create().id).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test("has a handle: a tilde and its SHA-256 in base64url", () => {
    const { id, handle } = sessions.create();
    expect(handle).toBe(`~${createHash("sha256").update(id).digest("base64url")}`);
  });

  test("is never issued twice, by any number of managers", () => {
    const managers = [sessions, new SessionManager({ store }), new SessionManager({ store })];
    const ids = managers.flatMap((each) => issue(each, ISSUED));
    expect(new Set(ids).size).toBe(3 * ISSUED);
  });

  test("is random: each of its 256 bits is set in half of all ids", () => {
    const bytes = issue(sessions, ISSUED).map((id) => Buffer.from(id, "base64url"));
    expect(bytes.every(({ length }) => length === 32)).toBe(true);
    const set = Array.from(
      { length: 256 },
      (_, bit) => bytes.filter((each) => ((each[bit >> 3] ?? 0) >> (bit & 7)) & 1).length,
    );
    // Six standard deviations: random ids fail once in two million runs.
    expect(Math.min(...set)).toBeGreaterThan(ISSUED / 2 - 300);
    expect(Math.max(...set)).toBeLessThan(ISSUED / 2 + 300);
  });

  test("uses all characters of the alphabet equally often", () => {
    const counts = new Map<string, number>();
    for (const character of issue(sessions, ISSUED).flatMap((id) => [...id.slice(0, 42)]))
      counts.set(character, (counts.get(character) ?? 0) + 1);
    const expected = (ISSUED * 42) / 64;
    expect(counts.size).toBe(64);
    expect(Math.min(...counts.values())).toBeGreaterThan(expected * 0.9);
    expect(Math.max(...counts.values())).toBeLessThan(expected * 1.1);
  });
});

describe("an id that was never issued or is no longer in use", () => {
  beforeEach(stopTime);
  afterEach(startTime);

  test("is not adopted by open()", async () => {
    const session = await sessions.open(madeUp);
    session.set("alias", "GoTamer");
    await session.save();
    expect(session.id).not.toBe(madeUp);
    expect(await sessions.load(madeUp)).toBeUndefined();
    expect([...store.records.keys()]).toEqual([session.handle]);
  });

  test("is not adopted if its session was destroyed, expired or got a new id", async () => {
    const [destroyed, expired, left] = [
      await saved(sessions),
      await saved(sessions),
      await saved(sessions),
    ];
    const old = left.id;
    await sessions.destroy(destroyed.id);
    await left.regenerate();
    await pass(25 * 3_600_000);
    for (const id of [destroyed.id, expired.id, old]) {
      const session = await sessions.open(id);
      expect(session.isNew).toBe(true);
      expect(session.id).not.toBe(id);
    }
  });

  test("costs the store one load and leaves nothing in it", async () => {
    for (const id of issue(sessions, 1_000)) {
      await sessions.load(id);
      await sessions.update(id, () => {});
      await (await sessions.open(id)).save();
    }
    expect(store.counts()).toEqual({ load: 3_000 });
    expect(store.records.size).toBe(0);
  });
});

function issue(from: SessionManager, count: number): string[] {
  return Array.from({ length: count }, () => from.create().id);
}
