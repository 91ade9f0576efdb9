import { expect, test } from "@jest/globals";
import { type Session, SessionManager } from "@sess/core";
import { SpyStore } from "@sess/test-support";
import fc from "fast-check";
import { loaded } from "../support/sessions.ts";

const MANY = 30;

const sessions = new SessionManager({ store: new SpyStore(), sweepInterval: 0 });

const key = fc.oneof(
  fc.integer({ min: 0, max: MANY }).map((number) => `key ${number}`),
  fc.constantFrom("__proto__", "constructor", "", "\n", "\t", '"key 1"', '!"info"'),
);
const value = fc.oneof(fc.integer(), fc.string(), fc.array(fc.string()), fc.constant(null));

type Step = (session: Session, model: Map<string, unknown>) => Promise<Session> | Session;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(key, value).map(
      ([name, each]): Step =>
        (session, model) => {
          session.set(name, each);
          model.set(name, each);
          return session;
        },
    ),
  },
  {
    weight: 5,
    arbitrary: key.map(
      (name): Step =>
        (session, model) => {
          expect(session.delete(name)).toBe(model.delete(name));
          return session;
        },
    ),
  },
  {
    weight: 5,
    arbitrary: key.map(
      (name): Step =>
        (session, model) => {
          expect(session.get(name)).toEqual(model.get(name));
          expect(session.has(name)).toBe(model.has(name));
          return session;
        },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Step>((session, model) => {
      session.clear();
      model.clear();
      return session;
    }),
  },
  {
    weight: 3,
    arbitrary: fc.constant<Step>(async (session) => {
      await session.save();
      return session;
    }),
  },
  {
    weight: 2,
    arbitrary: fc.constant<Step>(async (session) => {
      await session.save();
      return loaded(sessions, session.id);
    }),
  },
);

test("a session behaves like a Map, however it is changed, saved and loaded", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 100, size: "max" }), async (steps) => {
      const model = new Map<string, unknown>();
      let session = sessions.create();
      session.flash("info", "stays");
      for (const each of steps) session = await each(session, model);
      await session.save();
      for (const reader of [session, await loaded(sessions, session.id)]) expectSame(reader, model);
      expect(await session.takeFlash("info")).toEqual(["stays"]);
    }),
    { numRuns: 100 },
  );
});

test("many changes in one save have the same result as one save for each", async () => {
  const changes = fc.uniqueArray(fc.tuple(key, fc.option(value, { nil: undefined })), {
    selector: ([name]) => name,
    minLength: 9,
    maxLength: MANY,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(key, value)), changes, async (first, edits) => {
      const [atOnce, oneByOne] = [sessions.create(), sessions.create()];
      for (const session of [atOnce, oneByOne]) {
        session.flash("info", "stays");
        for (const [name, each] of first) session.set(name, each);
        await session.save();
      }
      for (const [name, each] of edits) {
        for (const session of [atOnce, oneByOne]) change(session, name, each);
        await oneByOne.save();
      }
      await atOnce.save();
      expect(await contents(atOnce.id)).toEqual(await contents(oneByOne.id));
    }),
    { numRuns: 50 },
  );
});

function change(session: Session, name: string, value: unknown): void {
  if (value === undefined) session.delete(name);
  else session.set(name, value);
}

function expectSame(session: Session, model: ReadonlyMap<string, unknown>): void {
  expect(session.keys().sort()).toEqual([...model.keys()].sort());
  for (const [name, each] of model) expect([name, session.get(name)]).toEqual([name, each]);
}

async function contents(id: string) {
  const session = await loaded(sessions, id);
  const values = session.keys().map((name) => [name, session.get(name)] as const);
  return { values: new Map(values), messages: await session.takeFlash("info") };
}
