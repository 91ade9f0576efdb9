import { describe, expect, test } from "@jest/globals";
import { RedisStore } from "@sess/store-redis";
import { collect, expectCode, handle, record } from "@sess/test-support";

/** A store over a client that answers everything with `reply`. */
function answeredWith(reply: unknown): RedisStore {
  return new RedisStore({ sendCommand: async () => reply });
}

const STRANGE = [
  {},
  [],
  [[]],
  true,
  undefined,
  "",
  "yes",
  -7,
  1.5,
  { rows: [] },
  [[], 0],
  new Map(),
];

describe("a reply that Redis does not give", () => {
  test.each([
    ...STRANGE,
    ...[null, 1, "1", "OK", "QUEUED", 7, [null], [1], ["OK"], ["OK", "OK"], ["done", "done"]],
    ...[
      [1, null],
      [1, "soon"],
      [true, 1],
      [[1], 1],
      ["OK", 1],
    ],
  ])("does not pass for a first save: %j", async (reply) => {
    const save = answeredWith(reply).save(handle(1), record());
    const { message } = await expectCode(save, "STORE_UNAVAILABLE");
    expect(message).toContain("unknown outcome");
    expect(message).toContain("sendCommand");
  });

  test.each([...STRANGE, null, [null], [1], "OK", 7, ["OK"], ["unnamed"], ["done", "done"]])(
    "does not pass for a later save, a touch or a delete: %j",
    async (reply) => {
      for (const call of [
        answeredWith(reply).save(handle(1), record({ revision: 2 })),
        answeredWith(reply).save(handle(1), record({ owner: "ada" })),
        answeredWith(reply).touch(handle(1), Date.now() + 1_000),
        answeredWith(reply).delete(handle(1), 1),
      ]) {
        await expectCode(call, "STORE_UNAVAILABLE");
      }
    },
  );

  test.each([...STRANGE, null, [null, null], ["OK", "OK"], [1], ["1 ", "yes"], "OK"])(
    "does not pass for saves that went out together: %j",
    async (reply) => {
      const store = answeredWith(reply);
      const saves = [store.save(handle(1), record()), store.save(handle(2), record())];
      for (const save of saves) await expectCode(save, "STORE_UNAVAILABLE");
    },
  );

  test.each([...STRANGE, 1, "1", 0, "QUEUED", [1, 1]])(
    "does not pass for a first save once the server's time is known: %j",
    async (reply) => {
      const replies = [[1, Date.now()], reply];
      const store = new RedisStore({ sendCommand: async () => replies.shift() });
      expect(await store.save(handle(1), record())).toBe(true);
      await expectCode(store.save(handle(2), record()), "STORE_UNAVAILABLE");
    },
  );

  test.each([...STRANGE, null, "OK", 2, "2", [1], ["left", "ada"], ["unnamed", "ada"]])(
    "does not pass for a delete: %j",
    async (reply) => {
      await expectCode(answeredWith(reply).delete(handle(1)), "STORE_UNAVAILABLE");
    },
  );

  test.each([0, -1, ["left", "ada", "1"], ["unnamed", "ada"]])(
    "does not pass for a name in an owner's index: %j",
    async (reply) => {
      const replies = [["unnamed", "ada"], reply, 1];
      const store = new RedisStore({ sendCommand: async () => replies.shift() });
      await expectCode(store.save(handle(1), record({ owner: "ada" })), "STORE_UNAVAILABLE");
    },
  );

  test("does not keep a touch going for ever", async () => {
    const touch = answeredWith(["unnamed", "ada"]).touch(handle(1), Date.now() + 1_000);
    await expectCode(touch, "STORE_UNAVAILABLE");
  });

  // What is text could be a record, and is a damaged one.
  test.each(STRANGE.filter((reply) => typeof reply !== "string" && typeof reply !== "number"))(
    "does not pass for a load: %j",
    async (reply) => {
      await expectCode(answeredWith(reply).load(handle(1)), "STORE_UNAVAILABLE");
      const store = answeredWith(reply);
      const loads = [store.load(handle(1)), store.load(handle(2))];
      for (const load of loads) await expectCode(load, "STORE_UNAVAILABLE");
    },
  );

  test.each([...STRANGE, null, "some"])(
    "does not pass for sessions that are not there: %j",
    async (reply) => {
      const sendCommand = async ([name]: string[]) =>
        name === "MGET" ? [null, null] : name === "EXISTS" ? reply : null;
      const store = new RedisStore({ sendCommand });
      const loads = [store.load(handle(1)), store.load(handle(2))];
      for (const load of loads) await expectCode(load, "STORE_UNAVAILABLE");
    },
  );

  test.each([...STRANGE, null, "0", ["0", "none"], [null, []], ["0", [true]]])(
    "does not pass for a list: %j",
    async (reply) => {
      await expectCode(collect(answeredWith(reply).list()), "STORE_UNAVAILABLE");
      await expectCode(collect(answeredWith(reply).list("ada")), "STORE_UNAVAILABLE");
    },
  );

  test("does not pass for an owner's index: a name without a score", async () => {
    const store = answeredWith(["0", [handle(1)]]);
    await expectCode(collect(store.list("ada")), "STORE_UNAVAILABLE");
  });
});
