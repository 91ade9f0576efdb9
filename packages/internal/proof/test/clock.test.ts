import { describe, expect, test } from "@jest/globals";
import { type Session, SessionError, SessionManager } from "@sess/core";
import { StoppedClock } from "@sess/test-support";
import fc from "fast-check";
import { effort, runs } from "../src/effort.ts";
import { report } from "../src/results.ts";
import { LOCAL_STORES } from "../src/stores/stores.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TEN_YEARS = 3652 * DAY;

/** Twelve jumps back by ten years do not reach 1970, before which the contract has no times. */
const BEGINNING = Date.UTC(2200, 0, 1);
const TIMEOUT = effort(60_000, 3_600_000);

/** What is used every 25 minutes reaches the second limit. */
const LIFETIME = { idleTimeout: HOUR / 2, absoluteTimeout: HOUR };
const MINUTE = 60_000;

const jumps = fc.constantFrom(
  ...[-TEN_YEARS, -DAY, -HOUR, -1, 0, 1, MINUTE, 25 * MINUTE, 25 * MINUTE, 25 * MINUTE],
  ...[HOUR / 2, HOUR, DAY, TEN_YEARS],
);

/** What a request does. It may be told that the session has ended. */
const REQUESTS = {
  read: async () => {},
  save: async (_, session) => {
    session.set("saved", Math.random());
    await session.save();
  },
  extend: (_, session) => session.save(),
  update: async (sessions, { id }) =>
    void (await sessions.update(id, (fresh) => fresh.set("n", 1))),
  flash: async (_, session) => {
    session.flash("note", "read me");
    await session.save();
    await session.takeFlash("note");
  },
  regenerate: (_, session) => session.regenerate(),
  reload: (_, session) => session.reload(),
  sweep: async (sessions) => void (await sessions.sweep()),
} satisfies Record<string, (sessions: SessionManager, session: Session) => Promise<void>>;

async function unlessEnded(request: Promise<void>): Promise<void> {
  await request.catch((error: unknown) => {
    if (!(error instanceof SessionError && error.code === "SESSION_DESTROYED")) throw error;
  });
}

describe.each(LOCAL_STORES)("over $name", (kind) => {
  async function open(): Promise<SessionManager> {
    const store = await (await kind.place()).open();
    return new SessionManager({ store, ...LIFETIME, touchAfter: 0, sweepInterval: 0 });
  }

  test(
    "whatever the clock does, no session is extended beyond the limit measured at its creation",
    async () => {
      using clock = new StoppedClock();
      await using sessions = await open();
      const steps = fc.array(
        fc.record({ jump: jumps, request: fc.constantFrom(...Object.values(REQUESTS)) }),
        { maxLength: 12, size: "max" },
      );
      const property = fc.asyncProperty(steps, async (all) => {
        clock.advance(BEGINNING - clock.now);
        let session = sessions.create();
        const limit = session.createdAt.getTime() + LIFETIME.absoluteTimeout;
        session.owner = "ada";
        await session.save();
        for (const { jump, request } of all) {
          clock.advance(jump);
          const found = await sessions.load(session.id);
          if (found) session = found;
          expect(found === undefined || clock.now < limit).toBe(true);
          await unlessEnded(request(sessions, session));
          expect(session.expiresAt.getTime()).toBeLessThanOrEqual(limit);
          for await (const { expiresAt } of sessions.list("ada")) {
            expect(expiresAt.getTime()).toBeLessThanOrEqual(limit);
          }
        }
        await session.destroy();
        for (const jump of [-TEN_YEARS, TEN_YEARS]) {
          clock.advance(jump);
          expect(await sessions.load(session.id)).toBeUndefined();
        }
        await sessions.revokeAll("ada");
        await sessions.sweep();
      });
      const sequences = runs(kind.keeps ? 60 : 400, kind.keeps ? 1000 : 10_000);
      await fc.assert(property, sequences);
      report(`clock over ${kind.name}`, { sequences: sequences.numRuns });
    },
    TIMEOUT,
  );

  test("set back an hour, the clock ends no session and keeps none from being saved", async () => {
    using clock = new StoppedClock();
    await using sessions = await open();
    const { id } = await saved(sessions);
    clock.advance(-HOUR);
    expect(await sessions.sweep()).toBe(0);
    const session = await sessions.load(id);
    session?.set("n", 1);
    await session?.save();
    // By the new time from now on: no later than any session that is used now.
    expect(session?.expiresAt.getTime()).toBe(clock.now + LIFETIME.idleTimeout);
    expect((await sessions.load(id))?.get("n")).toBe(1);
  });

  test("set ahead ten years, the clock has expired every session; put right before a sweep, they live", async () => {
    using clock = new StoppedClock();
    await using sessions = await open();
    const { id } = await saved(sessions);
    clock.advance(TEN_YEARS);
    expect(await sessions.load(id)).toBeUndefined();
    clock.advance(-TEN_YEARS);
    expect(await sessions.load(id)).toBeDefined();
  });

  test("a sweep while the clock is ten years ahead removes every session for good", async () => {
    using clock = new StoppedClock();
    await using sessions = await open();
    const { id } = await saved(sessions);
    clock.advance(TEN_YEARS);
    expect(await sessions.sweep()).toBe(1);
    clock.advance(-TEN_YEARS);
    expect(await sessions.load(id)).toBeUndefined();
  });

  test("a session created ten years ahead, once used, lives no longer unused than any other", async () => {
    using clock = new StoppedClock();
    await using sessions = await open();
    clock.advance(TEN_YEARS);
    const { id } = await saved(sessions);
    clock.advance(-TEN_YEARS);
    const session = await sessions.load(id);
    await session?.save();
    expect(session?.expiresAt.getTime()).toBe(clock.now + LIFETIME.idleTimeout);
    clock.advance(LIFETIME.idleTimeout);
    expect(await sessions.load(id)).toBeUndefined();
    expect(await sessions.sweep()).toBe(1);
  });

  test("the last second of 32 bits is a second like any other", async () => {
    using clock = new StoppedClock(2 ** 31 * 1000 - HOUR / 4);
    await using sessions = await open();
    const { id } = await saved(sessions);
    clock.advance(HOUR / 2 - 1);
    expect(await sessions.sweep()).toBe(0);
    expect(await sessions.load(id)).toBeDefined();
    clock.advance(1);
    expect(await sessions.load(id)).toBeUndefined();
    expect(await sessions.sweep()).toBe(1);
  });
});

async function saved(sessions: SessionManager): Promise<Session> {
  const session = sessions.create();
  session.set("n", 0);
  await session.save();
  return session;
}
