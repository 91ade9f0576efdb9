import type { SessionRecord } from "@sess/core";
import { Batcher, damagedRecord } from "@sess/core/adapter";
import type { Database } from "./database.ts";
import { isDamage, mayBeOfOneSession } from "./faults.ts";
import { isSeparable, parameterOf } from "./parameters.ts";
import { handleOf, recordOf } from "./record.ts";
import type { BatchStatements, Write, WriteStatements } from "./statements.ts";

export type LoadBatcher = Batcher<string, SessionRecord | undefined>;
export type WriteBatcher = Batcher<Write, boolean>;

/** Characters of data above which a record goes alone: so few fill a batch that sharing saves nothing. */
const LARGE = 32 * 1024;

/** Loads the sessions of one tick with one statement, each of them once. */
export function loadBatcher(database: Database, { one, many }: BatchStatements): LoadBatcher {
  return new Batcher<string, SessionRecord | undefined>({
    async send(handles) {
      const distinct = [...new Set(handles)];
      const isOne = distinct.length === 1;
      try {
        const rows = await database.run(isOne ? one : many, [parameterOf(distinct)]);
        const rowOf = new Map(rows.map((row) => [handleOf(row), row]));
        return handles.map((handle) => {
          const row = rowOf.get(handle);
          return row && recordOf(row);
        });
      } catch (error) {
        if (!isOne || !isDamage(error)) throw error;
        return handles.map((handle) =>
          damagedRecord(handle, "the server cannot read its row", error),
        );
      }
    },
    sizeOf: (handle) => (isSeparable(handle) ? 0 : Number.POSITIVE_INFINITY),
    mayBeOfOneCall: mayBeOfOneSession,
  });
}

/** Sends the writes of one tick as one statement, which must not hold two to one session. */
export function writeBatcher(database: Database, statements: WriteStatements): WriteBatcher {
  const { parameters, one, many } = statements;
  return new Batcher({
    async send(writes) {
      const values = parameters.map((name) => parameterOf(writes.map((write) => write[name])));
      const rows = await database.run(writes.length === 1 ? one : many, values);
      const written = new Set(rows.map(([handle]) => handle));
      return writes.map(({ handle }) => written.has(handle));
    },
    sizeOf: ({ handle, owner = "", data = "" }) =>
      [handle, owner, data].every(isSeparable) ? data.length : Number.POSITIVE_INFINITY,
    mayBeOfOneCall: mayBeOfOneSession,
    aloneAbove: LARGE,
  });
}
