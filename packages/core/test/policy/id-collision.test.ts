import type { randomFillSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Session } from "@sess/core";
import { pass, startClock, stopClock } from "../support/clock.ts";
import { expectCode } from "../support/expect-code.ts";
import { loaded, saved, stored, type World, world } from "../support/sessions.ts";

let { store, sessions, elsewhere }: World = world();
beforeEach(() => {
  stopClock();
  ({ store, sessions, elsewhere } = world());
});
afterEach(startClock);

describe("should the random source ever give an id that is taken", () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** The next block of random bytes begins with the bytes of `id`. */
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

  test.each([0, 1])("create() leaves its holder alone, made %i ms before", async (age) => {
    const victim = await victimOf(age);
    const before = store.records.get(victim.handle);
    await rig(victim.id);
    const session = world({ store }).sessions.create();
    expect(session.id).toBe(victim.id);
    session.set("alias", "thief");
    await expectCode(session.save(), "SESSION_DESTROYED");
    expect(store.records.get(victim.handle)).toEqual(before);
  });

  test.each([0, 1])("regenerate() draws another, the holder made %i ms before", async (age) => {
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
  });
});
