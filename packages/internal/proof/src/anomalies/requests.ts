import assert from "node:assert/strict";
import { type Scenario, scenario } from "./scenario.ts";

const signIn = scenario("a sign-in", async (world) => {
  const visitor = world.elsewhere.create();
  visitor.set("cart", ["tea"]);
  await visitor.save();
  // What the client sends back: the id of the last answer that reached it.
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
      const { cart, ...rest } = (await world.values(cookie)) ?? {};
      assert.deepEqual(rest, { who: world.person });
      // Gone where the session had got its new id and the client was never told.
      if (failures === 0 || cart !== undefined) assert.deepEqual(cart, ["tea"]);
      assert.ok((await world.handles()).length <= 1 + failures);
    },
  };
});

const signOut = scenario("a sign-out", async (world) => {
  const id = await world.stored();
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

const newPassword = scenario("a change of password", async (world) => {
  const id = await world.stored();
  const others = [await world.stored(), await world.stored()];
  const holders = await Promise.all(others.map((other) => world.heldElsewhere(other)));
  let cookie = id;
  return {
    // Its revokeAll() meets again what it could not end.
    mends: true,
    async act() {
      const session = await world.sessions.load(cookie);
      // Moved on by the request that failed: the user is to sign in again.
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
      const values = await world.values(cookie);
      if (failures === 0) assert.notEqual(cookie, id);
      if (cookie !== id) assert.deepEqual(values, { who: world.person, alias: "GoTamer" });
      assert.equal(await world.elsewhere.load(id), undefined);
      assert.ok((await world.handles()).length <= 1 + failures);
    },
  };
});

const postAndGet = scenario("a form sent, and the page after it", async (world) => {
  const id = await world.stored();
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

/** Requests at once, each of which is done again where it failed. */
function atOnce(requests: readonly (() => Promise<unknown>)[]) {
  const open = new Set(requests);
  let failed = 0;
  return {
    get failed() {
      return failed;
    },
    async act() {
      const ends = await Promise.allSettled(
        [...open].map((request) => request().then(() => open.delete(request))),
      );
      const failures = ends.filter((end) => end.status === "rejected");
      failed += failures.length;
      if (failures[0]) throw failures[0].reason;
    },
  };
}

const savesAtOnce = scenario("three saves at once", async (world) => {
  const id = await world.stored();
  const keys = ["one", "two", "three"];
  const requests = atOnce(
    await Promise.all(
      keys.map(async (key) => {
        const session = await world.held(id);
        session.set(key, true);
        return () => session.save();
      }),
    ),
  );
  return {
    act: requests.act,
    async check() {
      const { who, alias, ...rest } = (await world.values(id)) ?? {};
      assert.deepEqual([who, alias], [world.person, "GoTamer"]);
      assert.deepEqual(Object.keys(rest).sort(), [...keys].sort());
      assert.deepEqual(await world.messages(id), ["hello"]);
    },
  };
});

const updatesAtOnce = scenario("three updates at once", async (world) => {
  const id = await world.stored();
  await world.elsewhere.update(id, (fresh) => fresh.set("views", 0));
  const request = () =>
    world.sessions.update(id, (fresh) => fresh.set("views", fresh.get("views") + 1));
  const requests = atOnce([() => request(), () => request(), () => request()]);
  return {
    act: requests.act,
    async check({ effect }) {
      const views = Number((await world.values(id))?.["views"]);
      // Each that failed may have happened, and was done again all the same.
      const most = effect === "reject-before" ? 3 : 3 + requests.failed;
      assert.ok(views >= 3 && views <= most, `views are ${views}`);
    },
  };
});

const readersAtOnce = scenario("three readers of a message at once", async (world) => {
  const id = await world.stored();
  const shown: unknown[] = [];
  const requests = atOnce(
    await Promise.all(
      [1, 2, 3].map(async () => {
        const session = await world.held(id);
        return async () => {
          shown.push(...(await session.takeFlash("notice")));
        };
      }),
    ),
  );
  return {
    act: requests.act,
    async check() {
      shown.push(...(await world.messages(id)));
      assert.deepEqual(shown, ["hello"]);
    },
  };
});

export const requestScenarios: readonly Scenario[] = [
  signIn,
  signOut,
  newPassword,
  postAndGet,
  savesAtOnce,
  updatesAtOnce,
  readersAtOnce,
];
