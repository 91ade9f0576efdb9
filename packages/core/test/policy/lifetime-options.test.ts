import { beforeEach, describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { expectCode, ReferenceStore } from "@sess/test-support";
import { loaded, saved } from "../support/sessions.ts";
import { untypedCall } from "../support/untyped-call.ts";

const YEARS = 365.25 * 24 * 3_600_000;

describe("a session's own lifetime", () => {
  let sessions: SessionManager;
  beforeEach(() => {
    sessions = new SessionManager({ store: new ReferenceStore(), sweepInterval: 0 });
  });

  const wrong: readonly [lifetime: unknown, advice: string][] = [
    [{ idleTimeout: 0 }, "idleTimeout must be a whole number of ms from 1"],
    [{ absoluteTimeout: -1 }, "absoluteTimeout must be a whole number of ms from 1"],
    [{ idleTimeout: "1d" }, "idleTimeout must be a whole number"],
    [{ absoluteTimeout: 101 * YEARS }, "absoluteTimeout must be a whole number"],
    [{ maxAge: 1 }, 'no option "maxAge", only '],
  ];

  test.each(wrong)("is refused by create: %j", async (lifetime, advice) => {
    const error = await expectCode(
      () => untypedCall(sessions, "create", lifetime),
      "INVALID_OPTION",
    );
    expect(error.message).toContain(advice);
  });

  test.each(wrong)(
    "is refused by regenerate, and the session stays as it is: %j",
    async (lifetime, advice) => {
      const session = await saved(sessions);
      const { id } = session;
      const calling = () => untypedCall(session, "regenerate", lifetime);
      const error = await expectCode(calling, "INVALID_OPTION");
      expect(error.message).toContain(advice);
      expect(session.id).toBe(id);
      expect(await sessions.load(id)).toBeDefined();
    },
  );

  test.each([3_600_000, "1d"])("cannot be %p", async (lifetime) => {
    await expectCode(() => untypedCall(sessions, "create", lifetime), "INVALID_OPTION");
  });

  test("may be undefined in part", async () => {
    const lifetime = { idleTimeout: undefined, absoluteTimeout: 1_000 };
    const session = await untypedCall(sessions, "create", lifetime);
    expect(session).toHaveProperty("expiresAt");
    expect(Reflect.get(Object(session), "expiresAt").getTime() - Date.now()).toBeGreaterThan(0);
  });

  test("is copied: changing the options afterwards changes nothing", async () => {
    const lifetime = { idleTimeout: 1_000 };
    const session = sessions.create(lifetime);
    lifetime.idleTimeout = 5;
    session.set("alias", "GoTamer");
    await session.save();
    expect(session.expiresAt.getTime() - Date.now()).toBeGreaterThan(900);
  });

  test("can be replaced with a new id", async () => {
    const session = sessions.create({ idleTimeout: 1_000_000, absoluteTimeout: 3_000_000 });
    session.set("alias", "GoTamer");
    await session.save();
    await session.regenerate({ idleTimeout: 2_000_000 });
    session.set("alias", "again");
    await session.save();
    const again = await loaded(sessions, session.id);
    expect(again.expiresAt.getTime() - Date.now()).toBeGreaterThan(1_900_000);
    await again.regenerate({ idleTimeout: 5_000_000 });
    expect(again.expiresAt.getTime() - again.createdAt.getTime()).toBe(3_000_000);
  });

  test("can be given to a new session with a new id", async () => {
    const session = sessions.create();
    await session.regenerate({ idleTimeout: 1_000 });
    expect(session.expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(1_000);
  });
});
