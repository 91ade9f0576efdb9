import { beforeEach, describe, expect, test } from "@jest/globals";
import type { SessionManager } from "@sess/core";
import { expectCode } from "@sess/test-support";
import { loaded, saved, world } from "../support/sessions.ts";
import { DAY, HOUR } from "../support/time.ts";
import { untypedCall } from "../support/untyped-call.ts";

const MANAGERS = { idleTimeout: HOUR, absoluteTimeout: DAY };

let sessions: SessionManager;
let elsewhere: SessionManager;
beforeEach(() => {
  ({ sessions, elsewhere } = world(MANAGERS));
});

describe("lifetime", () => {
  test("is the manager's as long as a session has none of its own", async () => {
    const session = sessions.create();
    expect(session.lifetime).toEqual(MANAGERS);
    expect(session.hasOwnLifetime).toBe(false);
    session.set("a", 1);
    await session.save();
    const again = await loaded(elsewhere, session.id);
    expect(again.lifetime).toEqual(MANAGERS);
    expect(again.hasOwnLifetime).toBe(false);
  });

  test.each([
    [{ idleTimeout: 30 * DAY, absoluteTimeout: 90 * DAY }],
    [{ idleTimeout: 2 * HOUR }],
    [{ absoluteTimeout: 90 * DAY }],
    // As long as the manager's, and yet its own: it stays when the manager's changes.
    [{ idleTimeout: HOUR }],
  ])("is the session's own where that was given: %j", async (own) => {
    const session = sessions.create(own);
    expect(session.lifetime).toEqual({ ...MANAGERS, ...own });
    expect(session.hasOwnLifetime).toBe(true);
    session.set("a", 1);
    await session.save();
    const again = await loaded(elsewhere, session.id);
    expect(again.lifetime).toEqual({ ...MANAGERS, ...own });
    expect(again.hasOwnLifetime).toBe(true);
  });

  test("is a copy: changing it changes nothing", () => {
    const session = sessions.create();
    session.lifetime.idleTimeout = 1;
    expect(session.lifetime).toEqual(MANAGERS);
  });

  test("tells after reload() what another request has made of it", async () => {
    const session = await saved(sessions);
    const { id } = session;
    await elsewhere.update(id, (each) => each.set("a", 1));
    await session.reload();
    expect(session.hasOwnLifetime).toBe(false);
  });
});

describe("regenerate() with null for a timeout", () => {
  const own = { idleTimeout: 30 * DAY, absoluteTimeout: 90 * DAY };

  async function remembered() {
    const session = sessions.create(own);
    session.set("a", 1);
    await session.save();
    return session;
  }

  test("goes back to the manager's, here and for every later load", async () => {
    const session = await remembered();
    await session.regenerate({ idleTimeout: null, absoluteTimeout: null });
    const again = await loaded(elsewhere, session.id);
    for (const each of [session, again]) {
      expect(each.lifetime).toEqual(MANAGERS);
      expect(each.hasOwnLifetime).toBe(false);
      expect(each.expiresAt.getTime()).toBeLessThanOrEqual(Date.now() + HOUR);
    }
  });

  test("leaves the other one as it is", async () => {
    const session = await remembered();
    await session.regenerate({ idleTimeout: null });
    expect(session.lifetime).toEqual({ ...MANAGERS, absoluteTimeout: 90 * DAY });
    expect(session.hasOwnLifetime).toBe(true);
    await session.regenerate({ absoluteTimeout: null });
    expect(session.hasOwnLifetime).toBe(false);
  });

  test("does the same for a new session and for one that starts over", async () => {
    const session = sessions.create(own);
    await session.regenerate({ idleTimeout: null });
    expect(session.lifetime.idleTimeout).toBe(HOUR);
    session.set("a", 1);
    await session.save();
    await elsewhere.destroy(session.id);
    await session.regenerate({ restart: true, absoluteTimeout: null });
    expect(session.hasOwnLifetime).toBe(false);
  });

  test("is not the same as leaving it out, which leaves it as it is", async () => {
    const session = await remembered();
    await session.regenerate();
    expect(session.lifetime).toEqual(own);
    expect((await loaded(elsewhere, session.id)).lifetime).toEqual(own);
  });

  test("is named in the message of a wrong one", async () => {
    const session = await remembered();
    const error = await expectCode(
      () => untypedCall(session, "regenerate", { idleTimeout: "1h" }),
      "INVALID_OPTION",
    );
    expect(error.message).toMatch(
      /idleTimeout must be a whole number of ms from 1 to \d+, or null, not "1h"\./,
    );
  });

  test("is refused by create(), where there is nothing to go back from", async () => {
    await expectCode(
      () => untypedCall(sessions, "create", { idleTimeout: null }),
      "INVALID_OPTION",
    );
  });
});
