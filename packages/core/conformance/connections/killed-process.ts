import { assertHolds, assertHoldsNothing, assertResolved } from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";
import type { Fixture } from "../harness/fixture.ts";
import { RemoteStore } from "../process/remote-store.ts";
import { secondStore } from "./across.ts";

/** Long enough to be written in several pieces: 1 MiB. */
const LARGE = 1024 * 1024;

const NO_PROCESS = "connect opens no other process";

const REASON = "it had resolved before its process was killed";

/** What resolved survives a crash of the process. */
export const killedProcess = clause(
  "two connections",
  { sentence: 6 },
  {
    "what resolved in a process that is killed is there": async (store, fixture) => {
      const other = await storeToKill(fixture);
      if (other === undefined) return NO_PROCESS;
      const kept = [...(await fixture.saveMany(other, 20, () => ({ owner: "ada" })))];
      const [[ended = ""] = [], [saved = "", record] = [], ...others] = kept;
      assertResolved(await other.delete(ended), true, "delete()", "it was live");
      const next = record && fixture.next(record);
      if (next) assertResolved(await other.save(saved, next), true, "save()", "it is the next one");
      await other.kill();
      await assertHoldsNothing(store, ended, REASON);
      if (next) await assertHolds(store, saved, next, REASON);
      for (const [handle, each] of others) await assertHolds(store, handle, each, REASON);
      return undefined;
    },
    "a process that is killed while it saves leaves whole records": async (store, fixture) => {
      const other = await storeToKill(fixture);
      if (other === undefined) return NO_PROCESS;
      const handle = fixture.handle();
      const record = fixture.record();
      await store.save(handle, record);
      const next = fixture.next(record, { data: "x".repeat(LARGE) });
      const saving = other.save(handle, next).catch(() => undefined);
      await other.kill();
      const saved = await saving;
      const found = await store.load(handle);
      const expected = saved || found?.revision === next.revision ? next : record;
      await assertHolds(store, handle, expected, "a save is written as a whole or not at all");
      const later = fixture.next(expected);
      const reason = "nobody else has saved; a lock that was left behind is a reason to reject";
      const answer = await store.save(handle, later).catch(() => true);
      assertResolved(answer, true, "save() after it", reason);
      return undefined;
    },
  },
);

/** The second store, in a process that no other case uses. */
async function storeToKill(fixture: Fixture): Promise<RemoteStore | undefined> {
  const other = await secondStore(fixture, {});
  return other instanceof RemoteStore ? fixture.adopt(await other.openAlone()) : undefined;
}
