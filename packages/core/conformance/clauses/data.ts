import { assertHolds, assertResolved } from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";
import { oddText } from "../harness/odd-text.ts";

const MEGABYTE = 1024 * 1024;

const texts: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(oddText).map(([kind, text]) => [`text with ${kind}`, text])),
  "empty text": "",
  "text of one byte": "a",
  "text of one byte more than 64 KiB": `${"a".repeat(65_536)}z`,
  "text of 1 MiB": `${"0123456789abcdef".repeat(MEGABYTE / 16 - 1)}0123456789abcdeZ`,
  "text of 1 MiB in three-byte characters": "漢".repeat(MEGABYTE / 3),
};

/** Data is opaque: every text comes back unchanged, from a first save and from a later one. */
export const data = Object.entries(texts).flatMap(([kind, text]) =>
  clause(
    "data",
    { sentence: 3 },
    {
      [`${kind} comes back unchanged`]: async (store, fixture) => {
        const { maxBytes = Number.POSITIVE_INFINITY } = store;
        if (Buffer.byteLength(text) > maxBytes) return `maxBytes is ${maxBytes}`;
        const handle = fixture.handle();
        const record = fixture.record({ data: text });
        const reason = "data is opaque, none of its characters may mean anything to the store";
        assertResolved(await store.save(handle, record), true, "save()", reason);
        await assertHolds(store, handle, record, reason);
        const next = fixture.next(record, { data: text });
        assertResolved(await store.save(handle, next), true, "a later save()", reason);
        await assertHolds(store, handle, next, reason);
        return undefined;
      },
    },
  ),
);
