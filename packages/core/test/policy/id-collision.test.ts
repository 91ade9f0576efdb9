import type { randomFillSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { expectCode } from "@sess/test-support";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";
import { pass, startTime, stopTime } from "../support/time.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  stopTime();
  ({ store, sessions, elsewhere } = world());
});
afterEach(startTime);

describe("if the random source ever draws an id that is taken,", () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** Makes the next block of random bytes begin with those of `id`. */
  async function rig(id: string): Promise<void> {
    const crypto: { randomFillSync: typeof randomFillSync } = jest.requireActual("node:crypto");
    const fill = crypto.randomFillSync;
    jest.spyOn(crypto, "randomFillSync").mockImplementationOnce((block) => {
      fill(block);
      Buffer.from(id, "base64url").copy(Buffer.from(block.buffer, block.byteOffset));
      return block;
    });
  }

  async function victimOf(time: number): Promise<Session> {
    const victim = await saved(sessions, { alias: "victim" }, "ada");
    await pass(time);
    return victim;
  }

  test.each([0, 1])("create() leaves its session alone, created %i ms before", async (age) => {
    const victim = await victimOf(age);
    const before = store.records.get(victim.handle);
    await rig(victim.id);
    const session = world({ store }).sessions.create();
    expect(session.id).toBe(victim.id);
    session.set("alias", "thief");
    await expectCode(session.save(), "SESSION_DESTROYED");
    expect(store.records.get(victim.handle)).toEqual(before);
  });

  test.each([0, 1])(
    "regenerate() draws another one, the session created %i ms before",
    async (age) => {
      const victim = await victimOf(age);
      const { id } = await saved(sessions, { alias: "other" });
      const before = store.records.get(victim.handle);
      const session = await loaded(world({ store }).sessions, id);
      await rig(victim.id);
      await session.regenerate();
      expect(store.records.get(victim.handle)).toEqual(before);
      expect(session.id).not.toBe(victim.id);
      expect(await stored(elsewhere, session.id)).toEqual({ alias: "other" });
      expect(await stored(elsewhere, victim.id)).toEqual({ alias: "victim" });
    },
  );
});
