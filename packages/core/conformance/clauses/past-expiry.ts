import { assertHolds, assertHoldsNothing, assertResolved } from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";
import type { Fixture } from "../harness/fixture.ts";

/** Where the store's clock has reached an expiry already, nothing is written. */
export const pastExpiry = [
  ...clause(
    "expiry",
    { sentence: 10 },
    {
      "a record saved with an expiresAt in the past is never live": async (store, fixture) => {
        const handle = fixture.handle();
        const reason = "the store's clock has reached expiresAt, so nothing is written";
        for (const expiresAt of pastTimes(fixture)) {
          const saved = await store.save(handle, fixture.record({ expiresAt }));
          assertResolved(saved, false, "save() into the past", reason);
          await assertHoldsNothing(store, handle, reason);
        }
        const record = fixture.record();
        const saved = await store.save(handle, record);
        assertResolved(saved, true, "save() of revision 1 after it", "nothing had been written");
        await assertHolds(store, handle, record, "it is live");
      },
      "a later save with an expiresAt in the past changes nothing": async (store, fixture) => {
        const handle = fixture.handle();
        const record = fixture.record({ owner: "ada" });
        await store.save(handle, record);
        const reason = "the store's clock has reached expiresAt, so the live record stays";
        for (const expiresAt of pastTimes(fixture)) {
          const saved = await store.save(handle, fixture.next(record, { expiresAt }));
          assertResolved(saved, false, "save() into the past", reason);
          await assertHolds(store, handle, record, reason);
        }
        const saved = await store.save(handle, fixture.next(record));
        assertResolved(saved, true, "save() of revision 2 after it", reason);
      },
    },
  ),
  ...clause(
    "expiry",
    { sentence: 13, needs: ["touch"] },
    {
      "touch() into the past changes nothing": async (store, fixture) => {
        const handle = fixture.handle();
        const record = fixture.record({ owner: "ada" });
        await store.save(handle, record);
        const reason = "the store's clock has reached expiresAt, so the live record stays";
        for (const expiresAt of pastTimes(fixture)) {
          assertResolved(
            await store.touch(handle, expiresAt),
            false,
            "touch() into the past",
            reason,
          );
          const touched = await store.touch(handle, expiresAt, 1);
          assertResolved(touched, false, "touch() of revision 1 into the past", reason);
          await assertHolds(store, handle, record, reason);
        }
      },
    },
  ),
];

/** Instants that the store's clock has reached, in ms since the epoch. */
function pastTimes({ time }: Fixture): number[] {
  const long = [0, time.now() - 60_000];
  return time.exact ? [...long, time.now() - 1, time.now()] : long;
}
