import assert from "node:assert/strict";
import type { Session } from "@sess/core";
import { bareScenario, type Scenario, scenario } from "./scenario.ts";
import { STORED, type World } from "./world.ts";

const signIn = bareScenario("a sign-in", async (world) => {
  const visitor = world.elsewhere.create();
  visitor.set("cart", ["tea"]);
  await visitor.save();
  // What the client sends back: the id in the last answer that reached it.
  let cookie = visitor.id;
  return {
    async act() {
      const session = await world.sessions.open(cookie);
      session.owner = world.person;
      session.set("who", world.person);
      await session.regenerate({ restart: true });
      await session.save();
      cookie = session.id;
    },
    async check({ failures }) {
      assert.equal(await world.elsewhere.load(visitor.id), undefined);
      const values = await world.values(cookie);
      assert.ok(values, "the person must be signed in");
      const { cart, ...rest } = values;
      assert.deepEqual(rest, {});
      // It is gone where the session got its new id and the client was never told.
      if (failures === 0 || cart !== undefined) assert.deepEqual(cart, ["tea"]);
      assert.ok((await world.handles()).length <= 1 + failures);
    },
  };
});

const signOut = scenario("a sign-out", async (world, id) => {
  const holder = await world.heldElsewhere(id);
  return {
    async act() {
      await (await world.sessions.load(id))?.destroy();
    },
    async check() {
      holder.set("late", true);
      await assert.rejects(holder.save(), { code: "SESSION_DESTROYED" });
      assert.deepEqual(await world.handles(), []);
    },
  };
});

const newPassword = scenario("a change of password", async (world, id) => {
  const holders: Session[] = [];
  for (const other of [await world.stored(), await world.stored()]) {
    holders.push(await world.heldElsewhere(other));
  }
  let cookie = id;
  return {
    // Its revokeAll() meets again, in its next pass, what it could not end.
    mends: true,
    async act() {
      const session = await world.sessions.load(cookie);
      // The request that failed has given it a new id: the user has to sign in again.
      if (session === undefined) return;
      await world.sessions.revokeAll(world.person, { except: world.mine(session) });
      await session.regenerate();
      cookie = session.id;
    },
    async check({ failures }) {
      for (const holder of holders) {
        holder.set("late", true);
        await assert.rejects(holder.save(), { code: "SESSION_DESTROYED" });
        assert.equal(await world.elsewhere.load(holder.id), undefined);
      }
      if (failures === 0) assert.notEqual(cookie, id);
      if (cookie !== id) assert.deepEqual(await world.values(cookie), STORED);
      assert.equal(await world.elsewhere.load(id), undefined);
      assert.ok((await world.handles()).length <= 1 + failures);
    },
  };
});

const postAndGet = scenario("a form that is sent, and the page after it", (world, id) => {
  const shown: unknown[] = [];
  let posts = 0;
  return {
    async act() {
      posts += 1;
      const post = await world.held(id);
      post.set("saved", posts);
      post.flash("notice", `saved ${posts}`);
      await post.save();
      const get = await world.held(id);
      shown.push(...(await get.takeFlash("notice")));
      await get.save();
    },
    async check({ failures }) {
      shown.push(...(await world.messages(id)));
      assert.equal(new Set(shown).size, shown.length, `nothing shows twice: ${shown}`);
      if (failures === 0) assert.deepEqual(shown, ["hello", "saved 1"]);
      else assert.ok(shown.includes(`saved ${posts}`));
      assert.equal((await world.values(id))?.["saved"], posts);
    },
  };
});

/** What came of three requests at once. */
interface Answers {
  /** How many failed that may have happened all the same. */
  unknown: number;
  readonly given: unknown[];
}

/** Three requests at once. Each that failed is done again. */
function threeAtOnce(
  name: string,
  prepare: (world: World, id: string, number: number) => Promise<() => Promise<unknown>>,
  check: (world: World, id: string, answers: Answers) => Promise<void>,
): Scenario {
  return scenario(name, async (world, id) => {
    const requests = [1, 2, 3].map((number) => prepare(world, id, number));
    const open = new Set(await Promise.all(requests));
    const answers: Answers = { unknown: 0, given: [] };
    async function carryOut(request: () => Promise<unknown>): Promise<void> {
      answers.given.push(await request());
      open.delete(request);
    }
    return {
      async act() {
        const ends = await Promise.allSettled([...open].map(carryOut));
        const failures = ends.filter((end) => end.status === "rejected");
        answers.unknown += failures.length;
        if (failures[0]) throw failures[0].reason;
      },
      check: ({ effect }) =>
        check(world, id, effect === "reject-before" ? { ...answers, unknown: 0 } : answers),
    };
  });
}

const savesAtOnce = threeAtOnce(
  "three saves at once",
  async (world, id, number) => {
    const session = await world.held(id);
    session.set(`key ${number}`, true);
    return () => session.save();
  },
  async (world, id) => {
    const expected = { ...STORED, "key 1": true, "key 2": true, "key 3": true };
    assert.deepEqual({ ...(await world.values(id)) }, expected);
    assert.deepEqual(await world.messages(id), ["hello"]);
  },
);

const updatesAtOnce = threeAtOnce(
  "three updates at once",
  async (world, id) => () =>
    world.sessions.update(id, (fresh) => fresh.set("views", (fresh.get("views") ?? 0) + 1)),
  async (world, id, { unknown }) => {
    const views = Number((await world.values(id))?.["views"]);
    // Each that failed was done again, even where it had happened.
    assert.ok(views >= 3 && views <= 3 + unknown, `views are ${views}`);
  },
);

const readersAtOnce = threeAtOnce(
  "three readers of a message at once",
  async (world, id) => {
    const session = await world.held(id);
    return () => session.takeFlash("notice");
  },
  async (world, id, { given }) => {
    assert.deepEqual([...given.flat(), ...(await world.messages(id))], ["hello"]);
  },
);

export const requestScenarios: readonly Scenario[] = [
  signIn,
  signOut,
  newPassword,
  postAndGet,
  savesAtOnce,
  updatesAtOnce,
  readersAtOnce,
];
