import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { type Session, SessionError, SessionManager, type SessionManagerOptions } from "@sess/core";
import { MemoryStore } from "@sess/store-memory";
import fc from "fast-check";
import { effort } from "../src/effort.ts";
import { anything, jsonValue, key } from "../src/hostile/values.ts";
import { report } from "../src/results.ts";

const TIMEOUT = 30 * 60_000;

/** How many values one session gets, so that a hundred thousand values are not as many sessions. */
const AT_ONCE = 100;

const managers: readonly [string, Omit<SessionManagerOptions, "store">, number][] = [
  ["plain", {}, 60_000],
  ["sealed", { encrypt: true }, 20_000],
  ["with a custom codec", { codec: JSON }, 20_000],
];

function many<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(arbitrary, { minLength: AT_ONCE, maxLength: AT_ONCE, size: "max" });
}

function runs(count: number): { numRuns: number } {
  return { numRuns: effort(count, 20 * count) / AT_ONCE };
}

async function again(sessions: SessionManager, session: Session): Promise<Session> {
  await session.save();
  const loaded = await sessions.load(session.id);
  if (loaded === undefined) throw new Error("It was not stored.");
  return loaded;
}

function expectCleanPrototypes(): void {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(Object.keys(Array.prototype)).toEqual([]);
}

describe.each(managers)("%s, of any JSON values under any keys", (name, options, count) => {
  const sessions = new SessionManager({
    store: new MemoryStore({ maxSessions: 10 }),
    sweepInterval: 0,
    maxBytes: 2 ** 24,
    ...options,
  });

  test(
    "each comes back as it was: as a value, and as a message in order",
    async () => {
      await fc.assert(
        fc.asyncProperty(
          many(fc.tuple(key, jsonValue, fc.integer({ min: 0, max: 9 }))),
          async (triples) => {
            const session = sessions.create();
            const values = new Map<string, unknown>();
            const messages = new Map<string, unknown[]>();
            for (const [name, value, draw] of triples) {
              if (draw > 0) {
                session.set(name, value);
                values.set(name, value);
              } else {
                session.flash(name, value);
                messages.set(name, [...(messages.get(name) ?? []), value]);
              }
            }
            const found = await again(sessions, session);
            expect(found.keys().sort()).toEqual([...values.keys()].sort());
            for (const [name, value] of values) {
              const back: unknown = found.get(name);
              if (!isDeepStrictEqual(back, value))
                expect([name, back]).toStrictEqual([name, value]);
            }
            for (const [kind, queued] of messages) {
              expect(await found.takeFlash(kind)).toStrictEqual(queued);
            }
            expectCleanPrototypes();
          },
        ),
        runs(count),
      );
      report(`JSON values, ${name}`, { "came back": runs(count).numRuns * AT_ONCE });
    },
    TIMEOUT,
  );
});

describe("of any values at all", () => {
  const sessions = new SessionManager({
    store: new MemoryStore({ maxSessions: 10 }),
    sweepInterval: 0,
    maxBytes: 2 ** 24,
  });

  /** Whether it was taken. Otherwise it must be refused with the right code and leave nothing behind. */
  function isTaken(session: Session, name: string, value: unknown): boolean {
    try {
      session.set(name, value);
      return true;
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      assert.equal(error.code, "VALUE_NOT_SERIALIZABLE");
      assert.equal(session.has(name), false);
      return false;
    }
  }

  test(
    "each is refused, or comes back as it was",
    async () => {
      const counts = { taken: 0, refused: 0 };
      await fc.assert(
        fc.asyncProperty(many(anything), async (values) => {
          const session = sessions.create();
          const taken = new Map<string, unknown>();
          for (const [index, value] of values.entries()) {
            if (isTaken(session, `${index}`, value)) taken.set(`${index}`, value);
          }
          counts.taken += taken.size;
          counts.refused += values.length - taken.size;
          if (taken.size === 0) return;
          const found = await again(sessions, session);
          for (const [name, value] of taken) {
            if (!isSame(value, found.get(name))) expect(found.get(name)).toStrictEqual(value);
          }
          expectCleanPrototypes();
        }),
        runs(20_000),
      );
      report("values of any kind", counts);
      expect(counts.taken).toBeGreaterThan(2_000);
      expect(counts.refused).toBeGreaterThan(2_000);
    },
    TIMEOUT,
  );

  /** Whether nothing was lost but what is documented: the sign of a zero, and undefined properties. */
  function isSame(value: unknown, back: unknown): boolean {
    if (typeof value !== "object" || value === null) return value === back;
    if (typeof back !== "object" || back === null) return false;
    if (Array.isArray(value) !== Array.isArray(back)) return false;
    const names = Object.keys(value).filter((name) => Reflect.get(value, name) !== undefined);
    const isComplete = isDeepStrictEqual(names.sort(), Object.keys(back).sort());
    const isWhole = (name: string) => isSame(own(value, name), own(back, name));
    return isComplete && names.every(isWhole);
  }

  function own(of: object, name: string): unknown {
    return Object.getOwnPropertyDescriptor(of, name)?.value;
  }
});
