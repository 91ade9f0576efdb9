import assert from "node:assert/strict";
import { test } from "@jest/globals";
import { type Session, SessionError, SessionManager } from "@sess/core";
import { MemoryStore } from "@sess/store-memory";
import { collect } from "@sess/test-support";
import fc from "fast-check";
import { runs } from "../src/effort.ts";
import { scheduledStore, scheduleTimers } from "../src/interleavings/scheduled.ts";
import { handleOf } from "../src/oracle/stored.ts";
import { report } from "../src/results.ts";

test("a sign-out everywhere else ends all other sessions, whatever they do meanwhile, and spares this one", async () => {
  const others = fc.array(fc.array(fc.constantFrom(...OTHERS), { maxLength: 4, size: "max" }), {
    ...{ minLength: 1, maxLength: 3 },
  });
  const own = fc.array(fc.constantFrom(...OWN), { maxLength: 4, size: "max" });
  const schedules = runs(250, 10_000);
  await fc.assert(
    fc.asyncProperty(own, others, fc.scheduler(), async (mine, theirs, scheduler) => {
      const store = new MemoryStore();
      const quiet = new SessionManager({ store, sweepInterval: 0 });
      const [kept, other] = [await signedIn(quiet), await signedIn(quiet)];
      const between = scheduledStore(store, scheduler);
      const open = () => new SessionManager({ store: between, sweepInterval: 0 });
      const hold = async (id: string, program: readonly Deed[]) => {
        const manager = open();
        const session = await manager.load(id);
        if (session === undefined) return id;
        for (const deed of program) await unlessEnded(DEEDS[deed](manager, session));
        return session.id;
      };
      using _ = scheduleTimers(scheduler);
      const [keptId] = await scheduler.waitFor(
        Promise.all([
          hold(kept.id, mine),
          open().revokeAll("ada", { except: kept }),
          ...theirs.map((program) => hold(other.id, program)),
        ]),
      );
      const left = (await collect(quiet.list())).map(({ handle }) => handle);
      assert.deepEqual(left, [handleOf(keptId)]);
    }),
    schedules,
  );
  report("interleavings of a sign-out everywhere else", { schedules: schedules.numRuns });
}, 3_600_000);

const DEEDS = {
  set: (_, session) => {
    session.set("value", 1);
    return session.save();
  },
  count: (manager, session) => manager.update(session.id, (fresh) => fresh.set("count", 1)),
  flash: async (_, session) => {
    session.flash("info", "read me");
    await session.save();
    await session.takeFlash("info");
  },
  regenerate: (_, session) => session.regenerate(),
} satisfies Record<string, (manager: SessionManager, session: Session) => Promise<unknown>>;

type Deed = keyof typeof DEEDS;

const OTHERS: readonly Deed[] = ["set", "count", "flash", "regenerate", "regenerate"];

const OWN: readonly Deed[] = ["set", "count", "flash", "regenerate"];

async function signedIn(manager: SessionManager): Promise<Session> {
  const session = manager.create();
  session.owner = "ada";
  await session.save();
  return session;
}

async function unlessEnded(deed: Promise<unknown>): Promise<void> {
  await deed.catch((error: unknown) => {
    if (!(error instanceof SessionError && error.code === "SESSION_DESTROYED")) throw error;
  });
}
