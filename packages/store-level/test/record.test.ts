import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { decodeRecord, encodeRecord } from "../src/record.ts";
import { handles, owners, times } from "./support/arbitraries.ts";

test("a record's text leads back to the record", () => {
  const records = fc.record(
    {
      revision: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      createdAt: times,
      expiresAt: times,
      owner: owners,
      data: fc.string({ unit: "binary" }),
    },
    { requiredKeys: ["revision", "createdAt", "expiresAt", "data"], noNullPrototype: true },
  );
  fc.assert(
    fc.property(handles, records, (handle, record) => {
      expect(decodeRecord(handle, encodeRecord(handle, record))).toStrictEqual(record);
    }),
  );
});
