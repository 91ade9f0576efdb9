import { SessionError, type SessionRecord } from "@sess/core";
import { DamageReport, pagesOf } from "@sess/core/adapter";
import type { LoadBatcher } from "./batches.ts";
import type { Row, Statement } from "./client.ts";
import type { Database } from "./database.ts";
import { isDamage } from "./faults.ts";
import { handleOf, recordOf } from "./record.ts";
import type { Statements } from "./statements.ts";

type Page = readonly (readonly [handle: string, record: SessionRecord])[];

/** Sessions that one statement reads. */
const PAGE_SIZE = 100;

/**
 * Reads live records page by page and then throws RECORD_CORRUPT if some were damaged. No transaction
 * spans the pages: it would keep old versions of all rows for as long as the listing takes.
 */
export async function* recordPages(
  database: Database,
  { list, listOwned }: Statements,
  loads: LoadBatcher,
  owner?: string,
): AsyncGenerator<Page, void> {
  const damage = new DamageReport();
  const statements = owner === undefined ? list : listOwned;
  const owners = owner === undefined ? [] : [owner];
  let reached = "";
  const rowPages = (statement: Statement) =>
    pagesOf<Row>({
      from: reached,
      read: (after) => database.run(statement, [after, PAGE_SIZE, ...owners]),
      cursorOf: handleOf,
      pageSize: PAGE_SIZE,
    });
  try {
    for await (const rows of rowPages(statements.rows)) {
      yield rows.flatMap((row) => {
        const record = recordOf(row);
        if (record instanceof SessionError) damage.add(record);
        return record instanceof SessionError ? [] : [[handleOf(row), record] as const];
      });
      reached = rows.map(handleOf).at(-1) ?? reached;
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    // One row that the server cannot read fails a whole page. From here on each is read by itself.
    for await (const rows of rowPages(statements.handles)) {
      const entries = rows.map(handleOf).map(async (handle) => {
        const record = await loads.add(handle).catch((reason) => damage.add(reason));
        return record === undefined ? [] : [[handle, record] as const];
      });
      yield (await Promise.all(entries)).flat();
    }
  }
  damage.throwIfAny();
}
