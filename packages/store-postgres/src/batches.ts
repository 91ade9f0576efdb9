import type { SessionRecord } from "@sess/core";
import { Batcher, damagedRecord } from "@sess/core/adapter";
import { type Row, unreadable } from "./answers.ts";
import type { Database } from "./database.ts";
import { isBlocked, isDamage, mayBeOfOneSession } from "./faults.ts";
import { isSeparable, parameterOf } from "./parameters.ts";
import { handleOf, recordOf } from "./record.ts";
import type { BatchStatements, Outcome, Write } from "./write-statements.ts";

/**
 * `blocked`: for one of the batch, something other than its row is locked. `unanswered`: the server says
 * nothing of it.
 */
type BatchOutcome = Outcome | "blocked" | "unanswered";

/** A write, and whether it must not share a statement. */
type BatchWrite = Write & { readonly goesAlone?: boolean };

export type LoadBatcher = Batcher<string, SessionRecord | undefined>;
export type WriteBatcher = Batcher<BatchWrite, BatchOutcome>;

/** Characters of data above which a record goes alone: so few fill a batch that sharing saves nothing. */
const LARGE = 32 * 1024;

const OUTCOMES: readonly Outcome[] = ["written", "refused", "locked"];

/** Loads the sessions of one tick with one statement, each of them once. */
export function loadBatcher(database: Database, { one, many }: BatchStatements): LoadBatcher {
  return new Batcher<string, SessionRecord | undefined>({
    async send(handles) {
      const distinct = [...new Set(handles)];
      const isOne = distinct.length === 1;
      try {
        const rows = await database.run(isOne ? one : many, [parameterOf(distinct)]);
        const rowOf = byHandle(rows, distinct);
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

/**
 * Sends the writes of one tick as one statement, which must not hold two to one session. A batch that the
 * server refuses is halved until what it refuses is alone.
 */
export function writeBatcher(
  database: Database,
  { one, many }: BatchStatements,
  parameters: readonly (keyof Write)[],
): WriteBatcher {
  return new Batcher<BatchWrite, BatchOutcome>({
    async send(writes) {
      const isOne = writes.length === 1;
      const values = parameters.map((name) => parameterOf(writes.map((write) => write[name])));
      try {
        return outcomesOf(await database.run(isOne ? one : many, values), writes);
      } catch (error) {
        if (!isBlocked(error)) throw error;
        return writes.map(() => "blocked");
      }
    },
    sizeOf: ({ handle, owner = "", data = "", goesAlone }) =>
      goesAlone || ![handle, owner, data].every(isSeparable)
        ? Number.POSITIVE_INFINITY
        : data.length,
    mayBeOfOneCall: mayBeOfOneSession,
    aloneAbove: LARGE,
  });
}

/** @throws STORE_UNAVAILABLE if an answer is none of ours. */
function outcomesOf(rows: readonly Row[], writes: readonly Write[]): BatchOutcome[] {
  const handles = writes.map(({ handle }) => handle);
  const rowOf = byHandle(rows, handles);
  return handles.map((handle) => {
    const row = rowOf.get(handle);
    if (row === undefined) return "unanswered";
    const outcome = OUTCOMES.find((each) => each === row[1]);
    if (outcome === undefined) throw unreadable("an outcome that no write has");
    return outcome;
  });
}

/** @throws STORE_UNAVAILABLE if there are rows of other sessions, or two of one. */
function byHandle(rows: readonly Row[], handles: readonly string[]): ReadonlyMap<string, Row> {
  const rowOf = new Map(rows.map((row) => [handleOf(row), row]));
  const asked = new Set(handles);
  if (rowOf.size < rows.length || ![...rowOf.keys()].every((handle) => asked.has(handle))) {
    throw unreadable("rows of sessions that it was not asked for");
  }
  return rowOf;
}
