import assert from "node:assert/strict";
import type { SessionRecord } from "../../src/contract/store.ts";
import { assertHolds, assertRecord, assertResolved, collect } from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";

/** Records are never shared between the store and its callers. */
export const copies = [
  ...clause(
    "copies",
    { sentence: 4 },
    {
      "changing a record after its save changes nothing": async (store, fixture) => {
        const handle = fixture.handle();
        const record = fixture.record({ owner: "ada" });
        const handedIn = { ...record };
        await store.save(handle, handedIn);
        overwrite(handedIn);
        const reason = "the store must not keep the caller's object";
        await assertHolds(store, handle, record, reason);
        const saved = await store.save(handle, fixture.next(record));
        assertResolved(saved, true, "save() of revision 2", reason);
      },
      "changing a record during its save changes nothing": async (store, fixture) => {
        const handle = fixture.handle();
        const record = fixture.record({ owner: "ada" });
        const handedIn = { ...record };
        const saving = store.save(handle, handedIn);
        overwrite(handedIn);
        await saving;
        await assertHolds(store, handle, record, "save() must read the record before it returns");
      },
      "changing a record after its load changes nothing": async (store, fixture) => {
        const handle = fixture.handle();
        const record = fixture.record({ owner: "ada" });
        await store.save(handle, record);
        const [one, other] = await Promise.all([store.load(handle), store.load(handle)]);
        if (one) overwrite(one);
        assertRecord(other, record, "two callers must not get the same object");
        await assertHolds(store, handle, record, "callers must not get the object that is stored");
      },
      "save() does not change the record that it is given": async (store, fixture) => {
        const handle = fixture.handle();
        const record = Object.freeze(fixture.record({ owner: "ada" }));
        const before = { ...record };
        await store.save(handle, record);
        await store.save(handle, Object.freeze(fixture.next(record)));
        assert.deepEqual({ ...record }, before, "save() must not change its caller's record");
      },
    },
  ),
  ...clause(
    "copies",
    { sentence: 4, needs: ["list"] },
    {
      "changing a listed record changes nothing": async (store, fixture) => {
        const handle = fixture.handle();
        const record = fixture.record({ owner: "ada" });
        await store.save(handle, record);
        for await (const [, listed] of store.list()) overwrite(listed);
        for await (const [, listed] of store.list("ada")) overwrite(listed);
        const reason = "callers must not get the object that is stored";
        await assertHolds(store, handle, record, reason);
        assertRecord((await collect(store.list("ada"))).get(handle), record, reason);
      },
    },
  ),
];

/** Changes a record in place, as its holder may. */
function overwrite(record: SessionRecord): void {
  Object.assign(record, { revision: 99, expiresAt: 1, owner: "eve", data: "overwritten" });
}
