import { describe, expect, test } from "@jest/globals";
import { RedisStore } from "@sess/store-redis";
import { collect, expectCode, handle, record } from "@sess/test-support";

/** A store over a client that answers everything with `reply`. */
function answeredWith(reply: unknown): RedisStore {
  return new RedisStore({ sendCommand: async () => reply });
}

const STRANGE = [{}, [], [[]], true, { rows: [] }];

describe("a reply that Redis does not give", () => {
  test.each([...STRANGE, [null], [1], "QUEUED", 7, ["OK"], ["OK", "OK"], ["done", "done"]])(
    "does not pass for a first save: %j",
    async (reply) => {
      const save = answeredWith(reply).save(handle(1), record());
      const { message } = await expectCode(save, "STORE_UNAVAILABLE");
      expect(message).toContain("unknown outcome");
      expect(message).toContain("sendCommand");
    },
  );

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

  test.each(STRANGE)("does not pass for a load: %j", async (reply) => {
    await expectCode(answeredWith(reply).load(handle(1)), "STORE_UNAVAILABLE");
    const store = answeredWith(reply);
    const loads = [store.load(handle(1)), store.load(handle(2))];
    for (const load of loads) await expectCode(load, "STORE_UNAVAILABLE");
  });

  test.each([...STRANGE, null, "0", ["0", "none"], [null, []]])(
    "does not pass for a list: %j",
    async (reply) => {
      await expectCode(collect(answeredWith(reply).list()), "STORE_UNAVAILABLE");
      await expectCode(collect(answeredWith(reply).list("ada")), "STORE_UNAVAILABLE");
    },
  );
});
