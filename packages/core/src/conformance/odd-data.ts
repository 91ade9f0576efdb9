import { assertAnswer, assertHolds } from "./assertions.ts";
import { clause } from "./clause.ts";
import { oddText } from "./odd-text.ts";

const megabyte = 1024 * 1024;

const data: Readonly<Record<string, string>> = {
  ...oddText,
  "no character": "",
  "one byte": "a",
  "a byte more than 64 KB": `${"a".repeat(65_536)}z`,
  "1 MB": `${"0123456789abcdef".repeat(megabyte / 16 - 1)}0123456789abcdeZ`,
  "1 MB in characters of three bytes": "漢".repeat(megabyte / 3),
};

/** Data is opaque: each text comes back to the last byte, from a first save as from a later one. */
export const oddData = Object.entries(data).flatMap(([kind, text]) =>
  clause("data", [], {
    [`text of ${kind} comes back unchanged`]: async (store, lab) => {
      const key = lab.key();
      const record = lab.record({ data: text });
      const reason = "data is opaque, no character of it means anything to the store";
      assertAnswer(await store.save(key, record), true, "save()", reason);
      await assertHolds(store, key, record, reason);
      const next = lab.next(record, { data: text });
      assertAnswer(await store.save(key, next), true, "a later save()", reason);
      await assertHolds(store, key, next, reason);
    },
  }),
);
