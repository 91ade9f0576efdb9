import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { expectCode } from "../support/expect-code.ts";
import { between, shuffled } from "../support/faults.ts";
import { loaded, saved, type World, world } from "../support/sessions.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  ({ store, sessions, elsewhere } = world());
});

const adas = () => saved(sessions, { a: 1 }, "ada");

async function many(count: number): Promise<Session[]> {
  return Promise.all(Array.from({ length: count }, adas));
}

async function survivors(among: readonly Session[]): Promise<Session[]> {
  const found = await Promise.all(among.map(({ id }) => elsewhere.load(id)));
  return among.filter((_, index) => found[index] !== undefined);
}

describe("revokeAll()", () => {
  test("ends all sessions of the owner, no other's, and counts them", async () => {
    const theirs = await many(100);
    const others = [await saved(sessions, {}, "adam"), await saved(sessions)];
    expect(await elsewhere.revokeAll("ada")).toBe(100);
    expect(await survivors(theirs)).toEqual([]);
    expect(await survivors(others)).toEqual(others);
    expect(await elsewhere.revokeAll("ada")).toBe(0);
  });

  test("leaves the excepted session", async () => {
    const kept = await adas();
    const others = await many(2);
    expect(await sessions.revokeAll("ada", { except: kept })).toBe(2);
    expect(await survivors([kept, ...others])).toEqual([kept]);
  });

  test("leaves the excepted session where it changed its id elsewhere, twice", async () => {
    const [other, kept] = [await adas(), await adas()];
    const moving = await loaded(elsewhere, kept.id);
    await moving.regenerate();
    await moving.regenerate();
    expect(await sessions.revokeAll("ada", { except: kept })).toBe(1);
    expect(await survivors([moving, other])).toEqual([moving]);
  });

  test("does not leave another session for an excepted one that has ended", async () => {
    const [other, ended] = [await adas(), await adas()];
    await elsewhere.destroy(ended.id);
    expect(await sessions.revokeAll("ada", { except: ended })).toBe(1);
    expect(await survivors([other])).toEqual([]);
  });

  test("leaves a session that is somebody else's by now", async () => {
    const session = await adas();
    store.around = between("load", async () => {
      store.forget();
      session.owner = "grace";
      await session.save();
    });
    expect(await elsewhere.revokeAll("ada")).toBe(0);
    expect(await elsewhere.load(session.id)).toBeDefined();
  });

  test("of an owner without sessions is 0", async () => {
    expect(await sessions.revokeAll("nobody")).toBe(0);
  });
});

describe("racing a sign-out everywhere", () => {
  type Task = (session: Session) => Promise<unknown>;
  const races: [string, Task][] = [
    ["saves", (session) => session.save()],
    ["new ids", (session) => session.regenerate()],
    ["two new ids each", (session) => session.regenerate().then(() => session.regenerate())],
    ["saves and new ids", (session) => Promise.all([session.save(), session.regenerate()])],
  ];
  const seeds = [1, 2, 3];
  const cases = races.flatMap(([name, task]) =>
    seeds.map((seed): [string, number, Task] => [name, seed, task]),
  );

  test.each(cases)("%s leave no earlier session loadable (seed %i)", async (_, seed, task) => {
    const earlier = await many(30);
    const other = await saved(sessions, {}, "grace");
    const ids = earlier.map(({ id }) => id);
    store.around = shuffled(seed);
    const lateLogin = saved(elsewhere, { late: true }, "ada");
    const busy = Promise.allSettled(
      earlier.map(async (session, index) => {
        for (let turn = index % 8; turn > 0; turn -= 1) await new Promise((go) => setImmediate(go));
        session.set("b", index);
        await task(session);
      }),
    );
    await elsewhere.revokeAll("ada");
    const outcomes = await busy;
    await lateLogin;
    store.forget();
    expect(await survivors(earlier)).toEqual([]);
    expect((await Promise.all(ids.map((id) => elsewhere.load(id)))).filter(Boolean)).toEqual([]);
    expect(await survivors([other])).toEqual([other]);
    const codes = outcomes.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    for (const code of codes) expect(code).toMatchObject({ code: "SESSION_DESTROYED" });
  });

  test("a session that was listed and then moved on without a marker is found again", async () => {
    const session = await adas();
    const { handle } = session;
    store.around = async ({ verb, key }, apply) => {
      if (verb !== "load" || key !== handle) return apply();
      store.forget();
      await session.regenerate();
      // As in the old record's last millisecond, which no marker outlives.
      store.records.delete(handle);
      return apply();
    };
    await elsewhere.revokeAll("ada");
    expect(await survivors([session])).toEqual([]);
  });

  test("a session that moved on without a marker before it was listed is found all the same", async () => {
    const [, session = await adas()] = await many(2);
    const { handle } = session;
    store.around = async ({ verb }, apply) => {
      const found = await apply();
      if (verb !== "list") return found;
      // Its new handle is not among those that were found, and its old one leads nowhere.
      store.forget();
      await session.regenerate();
      store.records.delete(handle);
      return found;
    };
    await elsewhere.revokeAll("ada");
    expect(await survivors([session])).toEqual([]);
  });
});

test("a store that lists what it does not load any more ends a sign-out in SESSION_CONFLICT, at a pace", async () => {
  jest.useFakeTimers();
  await saved(sessions, {}, "ada");
  store.list = async function* (owner) {
    for (const [key, record] of this.records) if (record.owner === owner) yield [key, record];
  };
  const load = jest.spyOn(store, "load").mockResolvedValue(undefined);
  const ended = expectCode(elsewhere.revokeAll("ada"), "SESSION_CONFLICT");
  await jest.advanceTimersByTimeAsync(11_000);
  await ended;
  expect(load.mock.calls.length).toBeLessThan(3_000);
  jest.useRealTimers();
});
