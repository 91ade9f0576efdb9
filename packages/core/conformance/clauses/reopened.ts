import {
  assertHandles,
  assertHolds,
  assertHoldsNothing,
  assertRecord,
  assertResolved,
  collect,
} from "../harness/assertions.ts";
import { supports } from "../harness/capability.ts";
import { clause } from "../harness/clause.ts";

const REASON = "it had resolved before the store was closed";

/** What resolved is there when the store is opened again. */
export const reopened = [
  ...clause(
    "reopened",
    { sentence: 6 },
    {
      "what was saved and deleted is so in a store that is opened again": async (
        store,
        fixture,
      ) => {
        const saved = [...(await fixture.saveMany(store, 20, () => ({ owner: "ada" })))];
        const [[updated = "", first] = [], [deleted = ""] = [], ...others] = saved;
        const next = fixture.next(first ?? fixture.record());
        assertResolved(await store.save(updated, next), true, "save() of revision 2", "it is next");
        assertResolved(await store.delete(deleted), true, "delete()", "it is live");
        const again = await fixture.reopen();
        await assertHolds(again, updated, next, REASON);
        await assertHoldsNothing(again, deleted, REASON);
        for (const [handle, record] of others) await assertHolds(again, handle, record, REASON);
        if (supports(again, ["list"])) {
          const handles = [updated, ...others.map(([handle]) => handle)];
          assertHandles(await collect(again.list()), handles, REASON);
          assertHandles(await collect(again.list("ada")), handles, REASON);
        }
        const stale = await again.save(updated, next);
        assertResolved(stale, false, "save() of revision 2 over 2", "it is stale");
        const later = await again.save(updated, fixture.next(next));
        assertResolved(later, true, "save() of revision 3", "it is the next one");
      },
      "every kind of text is the same in a store that is opened again": async (store, fixture) => {
        const texts = ["", "\u0001\u001f\n\r\t", "漢字 😀 \u00e9 e\u0301", "x".repeat(20_000)];
        const saved = new Map(
          texts
            .filter(
              (text) => Buffer.byteLength(text) <= (store.maxBytes ?? Number.POSITIVE_INFINITY),
            )
            .map((data) => [
              fixture.handle(),
              fixture.record({ data, owner: `ada ${data.length}` }),
            ]),
        );
        for (const [handle, record] of saved) await store.save(handle, record);
        const again = await fixture.reopen();
        for (const [handle, record] of saved) await assertHolds(again, handle, record, REASON);
      },
      "300 saves of one session are there in a store that is opened again": async (
        store,
        fixture,
      ) => {
        const handle = fixture.handle();
        let record = fixture.record({ owner: "ada" });
        await store.save(handle, record);
        for (let round = 0; round < 299; round += 1) {
          record = fixture.next(record);
          await store.save(handle, record);
        }
        await assertHolds(await fixture.reopen(), handle, record, REASON);
      },
      "what expired meanwhile is gone in a store that is opened again": async (store, fixture) => {
        const [expired, live] = [fixture.handle(), fixture.handle()];
        const record = fixture.shortLived({ owner: "ada" });
        const other = fixture.record();
        await store.save(expired, record);
        await store.save(live, other);
        await store.close?.();
        await fixture.time.reach(record.expiresAt);
        const again = await fixture.reopen();
        await assertHoldsNothing(again, expired, "it expired while the store was closed");
        await assertHolds(again, live, other, REASON);
        const saved = await again.save(expired, fixture.record());
        assertResolved(saved, true, "save() of revision 1", "the expired record counts as none");
      },
    },
  ),
  ...clause(
    "reopened",
    { sentence: 6, needs: ["touch"] },
    {
      "what was touched is so in a store that is opened again": async (store, fixture) => {
        const handle = fixture.handle();
        const record = fixture.shortLived();
        await store.save(handle, record);
        const expiresAt = record.expiresAt + 60_000;
        assertResolved(await store.touch(handle, expiresAt), true, "touch()", "it is live");
        const again = await fixture.reopen();
        await fixture.time.reach(record.expiresAt);
        await assertHolds(again, handle, { ...record, expiresAt }, REASON);
      },
    },
  ),
  ...clause(
    "reopened",
    { sentence: 16, needs: ["sweep"] },
    {
      "what expired is swept by a store that is opened again": async (store, fixture) => {
        const { expiresAt } = fixture.shortLived();
        const live = await fixture.saveMany(store, 10);
        await fixture.saveMany(store, 10, () => ({ expiresAt }));
        const again = await fixture.reopen();
        if (!supports(again, ["sweep"])) return;
        await fixture.time.reach(expiresAt);
        assertResolved(await again.sweep(), 10, "sweep()", "10 records had expired");
        for (const [handle, record] of live) await assertHolds(again, handle, record, "it is live");
      },
    },
  ),
  ...clause(
    "reopened",
    { sentence: 17, needs: ["close"] },
    {
      "what was asked for before close() is there in a store that is opened again": async (
        store,
        fixture,
      ) => {
        const saved = fixture.handles(20).map((handle) => [handle, fixture.record()] as const);
        const saves = Promise.all(saved.map(([handle, record]) => store.save(handle, record)));
        // A failure is told below, not as an unhandled rejection.
        saves.catch(() => {});
        const again = await fixture.reopen();
        const reason = "calls made before close() are carried out";
        for (const answer of await saves) assertResolved(answer, true, "save()", reason);
        for (const [handle, record] of saved) {
          assertRecord(await again.load(handle), record, `load(): ${reason}`);
        }
      },
    },
  ),
];
