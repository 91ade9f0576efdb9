import assert from "node:assert/strict";
import type { SessionRecord, Store } from "../../src/contract/store.ts";
import {
  assertHolds,
  assertHoldsNothing,
  assertRejects,
  assertResolved,
} from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";
import type { Fixture } from "../harness/fixture.ts";

const CODE = "DATA_TOO_LARGE";

const NO_LIMIT = "the store has no maxBytes";

/** A greater limit is not reached in a test: 64 MiB. */
const GREATEST_TESTED = 64 * 1024 * 1024;

const BYTES_OF_HAN = 3;

/** What a store may say about its size, and must keep. */
export const size = clause(
  "size",
  { sentence: 18 },
  {
    "maxBytes is a whole number of bytes": async ({ maxBytes }) => {
      if (maxBytes === undefined) return NO_LIMIT;
      const problem = `maxBytes must be a whole number of bytes from 1 on, but it is ${maxBytes}`;
      assert.ok(Number.isSafeInteger(maxBytes) && maxBytes >= 1, problem);
      return undefined;
    },
    "data of maxBytes comes back unchanged": (store, fixture) =>
      withLimit(store, async (maxBytes) => {
        const han = "漢".repeat(maxBytes / BYTES_OF_HAN);
        for (const data of [
          "x".repeat(maxBytes),
          han.padEnd(han.length + bytesLeft(maxBytes), "x"),
        ]) {
          const handle = fixture.handle();
          const record = fixture.record({ data });
          const reason = `it has ${maxBytes} bytes, and maxBytes is ${maxBytes}`;
          assertResolved(await store.save(handle, record), true, "save()", reason);
          await assertHolds(store, handle, record, reason);
          const next = fixture.next(record, { data });
          assertResolved(await store.save(handle, next), true, "a later save()", reason);
          await assertHolds(store, handle, next, reason);
        }
      }),
    "a save of more rejects with DATA_TOO_LARGE and writes nothing": (store, fixture) =>
      withLimit(store, async (maxBytes) => {
        const handle = fixture.handle();
        const record = fixture.record({ owner: "ada" });
        for (const data of tooLarge(maxBytes)) {
          const reason = `maxBytes is ${maxBytes} bytes of UTF-8`;
          await assertRefused(store, handle, fixture.record({ data }), reason);
          await assertHoldsNothing(store, handle, reason);
        }
        await store.save(handle, record);
        for (const data of tooLarge(maxBytes)) {
          const reason = "a save that is too large changes nothing";
          await assertRefused(store, handle, fixture.next(record, { data }), reason);
          await assertHolds(store, handle, record, reason);
        }
      }),
    "a save after one that was rejected is written": (store, fixture) =>
      withLimit(store, async (maxBytes) => {
        const handle = fixture.handle();
        const [large = ""] = tooLarge(maxBytes);
        const refused = assertRefused(
          store,
          handle,
          fixture.record({ data: large }),
          "it is too large",
        );
        // Its failure is told below, not as an unhandled rejection.
        refused.catch(() => {});
        const others = await saveTwenty(store, fixture);
        await refused;
        const record = fixture.record();
        const reason = "a save that was rejected must not stop later ones";
        assertResolved(await store.save(handle, record), true, "save() after it", reason);
        await assertHolds(store, handle, record, reason);
        for (const [other, saved] of others) await assertHolds(store, other, saved, reason);
      }),
  },
);

async function withLimit(
  { maxBytes }: Store,
  check: (maxBytes: number) => Promise<void>,
): Promise<string | undefined> {
  if (maxBytes === undefined) return NO_LIMIT;
  if (maxBytes > GREATEST_TESTED) return `maxBytes is more than ${GREATEST_TESTED}`;
  await check(maxBytes);
  return undefined;
}

function bytesLeft(maxBytes: number): number {
  return maxBytes % BYTES_OF_HAN;
}

/** One byte too many; and too many bytes although there are fewer characters than that. */
function tooLarge(maxBytes: number): string[] {
  return ["x".repeat(maxBytes + 1), "漢".repeat(Math.floor(maxBytes / BYTES_OF_HAN) + 1)];
}

function assertRefused(
  store: Store,
  handle: string,
  record: SessionRecord,
  reason: string,
): Promise<void> {
  return assertRejects(() => store.save(handle, record), CODE, `save(): ${reason}`);
}

async function saveTwenty(store: Store, fixture: Fixture) {
  const saved = fixture.handles(20).map((handle) => [handle, fixture.record()] as const);
  const answers = await Promise.all(saved.map(([handle, record]) => store.save(handle, record)));
  const refused = answers.filter((answer) => !answer).length;
  assert.equal(refused, 0, `${refused} of 20 saves beside one that is too large were refused`);
  return saved;
}
