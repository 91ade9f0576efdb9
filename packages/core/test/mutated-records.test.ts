import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Session, SessionError, SessionManager, type SessionRecord } from "../src/index.ts";
import { saved } from "./support/sessions.ts";
import { SpyStore } from "./support/spy.ts";

const RUNS = 2_000;

type Mutation = (text: string) => string;

/** Pieces that would hurt where text were trusted. */
const PIECES = [
  "",
  "\n",
  "\t",
  '"',
  "!",
  "\\",
  " ",
  "0",
  "9".repeat(400),
  "-1",
  "{",
  "}",
  "null",
  '{"toString":1}',
  '"__proto__"\t{"polluted":true}\n',
  '!"info"\t{"__proto__":{"polluted":true}}\n',
  "sess1jp ",
  " 1 1",
];

const place = fc.double({ min: 0, max: 1, noNaN: true });
const piece = fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 5 }));

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, piece).map(
    ([at, text]): Mutation =>
      (data) =>
        data.slice(0, at * data.length) + text + data.slice(at * data.length),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 9 }), piece).map(
    ([at, count, text]): Mutation =>
      (data) =>
        data.slice(0, at * data.length) + text + data.slice(at * data.length + count),
  ),
  fc.tuple(place, fc.integer({ min: 0, max: 0xffff })).map(
    ([at, unit]): Mutation =>
      (data) => {
        const index = Math.floor(at * data.length);
        return data.slice(0, index) + String.fromCharCode(unit) + data.slice(index + 1);
      },
  ),
  place.map(
    (at): Mutation =>
      (data) =>
        data.slice(at * data.length) + data.slice(0, at * data.length),
  ),
  fc.constant<Mutation>((data) => data.split("\n").toReversed().join("\n")),
);

/** Makes the marker's length right again, so that a mutation gets past it. */
const measured: Mutation = (data) => {
  const end = data.indexOf("\n") + 1;
  const marker = data.slice(0, end).replace(/^(sess1.. \S+) \d+/, `$1 ${data.length - end}`);
  return marker + data.slice(end);
};

test.each([false, true])(
  `of ${RUNS} mutated records each is a session or RECORD_CORRUPT, encrypt: %s`,
  async (encrypt) => {
    const store = new SpyStore();
    const sessions = new SessionManager({ store, encrypt, sweepInterval: 0 });
    const { id, handle, record } = await victim(sessions, store);
    const outcomes = { session: 0, corrupt: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        async (mutations, repair) => {
          const mutated = mutations.reduce((text, mutate) => mutate(text), record.data);
          store.records.set(handle, { ...record, data: repair ? measured(mutated) : mutated });
          outcomes[await read(sessions, id)] += 1;
          expect(Reflect.get({}, "polluted")).toBeUndefined();
          expect(Object.keys(Object.prototype)).toEqual([]);
        },
      ),
      { numRuns: RUNS },
    );
    expect(outcomes.corrupt).toBeGreaterThan(RUNS / 4);
    if (!encrypt) expect(outcomes.session).toBeGreaterThan(RUNS / 50);
  },
);

async function victim(sessions: SessionManager, store: SpyStore) {
  const session = sessions.create({ idleTimeout: 3_600_000 });
  session.set("alias", "GoTamer");
  session.set("cart", [{ sku: 7, note: "äöü" }]);
  for (let key = 0; key < 8; key += 1) session.set(`key ${key}`, key);
  session.flash("info", { text: "hello" });
  await session.save();
  const record = store.records.get(session.handle);
  if (record === undefined) throw new Error("It is not stored.");
  return { id: session.id, handle: session.handle, record: record satisfies SessionRecord };
}

/** Everything that can be done with a record; whatever fails must fail as a damaged record does. */
async function read(sessions: SessionManager, id: string): Promise<"session" | "corrupt"> {
  try {
    const session = await sessions.load(id);
    // A lifetime of its own may have been altered so that it is over.
    if (session === undefined) return "corrupt";
    for (const key of [...session.keys(), "alias", "cart", "key 7"]) expectData(session.get(key));
    expectData(await session.takeFlash("info"));
    await changeAndFind(sessions, session);
    return "session";
  } catch (error) {
    if (error instanceof SessionError && /^(RECORD_CORRUPT|SESSION_DESTROYED)$/.test(error.code))
      return "corrupt";
    throw error;
  }
}

/** A session that could be loaded and saved can be loaded again. */
async function changeAndFind(sessions: SessionManager, session: Session): Promise<void> {
  session.set("added", "value");
  await session.save();
  const again = await sessions.load(session.id).catch((cause) => {
    throw new Error("A save was acknowledged that cannot be read.", { cause });
  });
  expect(again?.get("added")).toBe("value");
}

/** Plain data, whose prototypes are those that JSON gives. */
function expectData(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  expect([Object.prototype, Array.prototype]).toContain(Object.getPrototypeOf(value));
  for (const name of Object.getOwnPropertyNames(value)) {
    if (name !== "__proto__") expectData(Reflect.get(value, name));
  }
}

test("a victim that nobody mutated is a session", async () => {
  const store = new SpyStore();
  const sessions = new SessionManager({ store, sweepInterval: 0 });
  expect(await read(sessions, (await saved(sessions)).id)).toBe("session");
});
