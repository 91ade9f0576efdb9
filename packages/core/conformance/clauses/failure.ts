import assert from "node:assert/strict";
import { inspect } from "node:util";
import { isObject } from "../../src/adapter/objects.ts";
import type { Store } from "../../src/contract/store.ts";
import { assertHolds, assertRejects, assertResolved, collect } from "../harness/assertions.ts";
import type { StoreWith } from "../harness/capability.ts";
import { clause } from "../harness/clause.ts";
import type { Fixture } from "../harness/fixture.ts";

/** What an engine's failure may be told as. A client that somebody else closed is as good as closed. */
const FAULTS: readonly unknown[] = [
  "STORE_UNAVAILABLE",
  "STORE_CORRUPT",
  "STORE_LOCKED",
  "STORE_CLOSED",
];

/** Data and an owner that no error may quote. */
const SECRET = "1f8e2c-secret-of-a-session";

/** The engine fails: that must never look like a session that is not there. */
export const failure = [
  ...clause(
    "failure",
    { sentence: 5 },
    {
      "load() rejects when the engine fails": async (store, fixture) => {
        const handle = await failing(store, fixture);
        await assertFails("load() of what is stored", () => store.load(handle));
        await assertFails("load() of what is not", () => store.load(fixture.handle()));
      },
      "save() rejects when the engine fails": async (store, fixture) => {
        const handle = await failing(store, fixture);
        const record = fixture.record({ data: SECRET, owner: SECRET });
        await assertFails("save() of revision 1", () => store.save(fixture.handle(), record));
        const next = { ...record, revision: 2 };
        await assertFails("save() of revision 2", () => store.save(handle, next));
        await assertFails("a durable save()", () => store.save(handle, next, { durable: true }));
      },
      "delete() rejects when the engine fails": async (store, fixture) => {
        const handle = await failing(store, fixture);
        await assertFails("delete(handle)", () => store.delete(handle));
        await assertFails("delete(handle, 1)", () => store.delete(handle, 1));
      },
      "twenty calls at the same time all reject when the engine fails": async (store, fixture) => {
        const handle = await failing(store, fixture);
        const record = () => fixture.record({ data: SECRET });
        await Promise.all(
          fixture.handles(20).map(async (other, index) => {
            if (index % 2) await assertFails("load()", () => store.load(handle));
            else await assertFails("save()", () => store.save(other, record()));
          }),
        );
      },
      "once the engine works again the store does": async (store, fixture) => {
        const handle = fixture.handle();
        const record = fixture.record();
        await store.save(handle, record);
        const mend = await fixture.fail();
        if (mend === undefined) return "fail returned nothing that mends the engine";
        const other = fixture.handle();
        const attempt = fixture.record();
        await assertFails("save()", () => store.save(other, attempt));
        await mend();
        const reason = "a call that was rejected must not stop later ones";
        await assertHolds(store, handle, record, reason);
        const next = fixture.next(record);
        assertResolved(await store.save(handle, next), true, "save() of revision 2", reason);
        await assertHolds(store, handle, next, reason);
        // The save that was rejected may have happened all the same.
        const hasHappened = (await store.load(other)) !== undefined;
        const again = await store.save(other, hasHappened ? fixture.next(attempt) : attempt);
        assertResolved(again, true, "save() of what had been rejected", reason);
        return undefined;
      },
    },
  ),
  ...clause(
    "failure",
    { sentence: 5, needs: ["touch"] },
    {
      "touch() rejects when the engine fails": async (store, fixture) => {
        const handle = await failing(store, fixture);
        const expiresAt = fixture.time.now() + 60_000;
        await assertFails("touch()", () => store.touch(handle, expiresAt));
        await assertFails("touch() of a revision", () => store.touch(handle, expiresAt, 1));
      },
    },
  ),
  ...clause(
    "failure",
    { sentence: 5, needs: ["list"] },
    {
      "list() rejects when the engine fails": async (store, fixture) => {
        await failing(store, fixture);
        await assertFails("list()", () => collect(store.list()));
        await assertFails("list(owner)", () => collect(store.list(SECRET)));
      },
      "a listing under way when the engine fails yields everything or rejects": async (
        store,
        fixture,
      ) => {
        const saved = await fixture.saveMany(store, 300);
        const listed = new Set<string>();
        const read = async () => {
          for await (const [handle] of store.list()) {
            listed.add(handle);
            if (listed.size === 1) await fixture.fail();
          }
        };
        const outcome = await read().catch((error: unknown) => error);
        if (outcome !== undefined) assertIsFault("list()", outcome);
        else
          assert.equal(
            listed.size,
            saved.size,
            "a listing that was cut off must not look complete",
          );
      },
    },
  ),
  ...clause(
    "failure",
    { sentence: 5, needs: ["sweep"] },
    {
      "sweep() rejects when the engine fails": async (store, fixture) => {
        const { expiresAt } = fixture.shortLived();
        await fixture.saveMany(store, 5, () => ({ expiresAt }));
        await fixture.time.reach(expiresAt);
        await fixture.fail();
        await assertFails("sweep()", () => store.sweep());
      },
    },
  ),
  ...clause(
    "failure",
    { sentence: 17, needs: ["close"] },
    {
      "a store whose engine failed can be closed": async (store, fixture) => {
        const handle = await failing(store, fixture);
        await closeAnyhow(store);
        const reason = "a closed store is closed, whatever the engine would say";
        await assertRejects(() => store.load(handle), "STORE_CLOSED", `load(): ${reason}`);
        const save = () => store.save(handle, fixture.record());
        await assertRejects(save, "STORE_CLOSED", `save(): ${reason}`);
      },
    },
  ),
];

/** Saves a session, has the engine fail, and resolves to the session's handle. */
async function failing(store: Store, fixture: Fixture): Promise<string> {
  const handle = fixture.handle();
  await store.save(handle, fixture.record({ data: SECRET, owner: SECRET }));
  await fixture.fail();
  return handle;
}

async function assertFails(call: string, run: () => Promise<unknown>): Promise<void> {
  const error = await run().then(
    (answer) =>
      assert.fail(`${call} must reject, but it resolved to ${inspect(answer)}: the engine failed`),
    (reason: unknown) => reason,
  );
  assertIsFault(call, error);
}

function assertIsFault(call: string, error: unknown): void {
  if (error instanceof assert.AssertionError) throw error;
  const code = isObject(error) ? error["code"] : undefined;
  const told = isObject(error) && FAULTS.includes(code);
  assert.ok(
    told,
    `${call} must reject with STORE_UNAVAILABLE or another code for a failure, but it rejected ` +
      `with ${code === undefined ? error : code}: an engine's own error says nothing to an application`,
  );
  const shown = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true });
  assert.ok(!shown.includes(SECRET), `${call} rejected with an error that quotes a session's data`);
}

/** Closing may fail when the engine has, and it must come to an end. */
async function closeAnyhow(store: StoreWith<"close">): Promise<void> {
  await store.close().catch(() => {});
}
