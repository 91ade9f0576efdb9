import { SessionError, type SessionRecord } from "@sess/core";
import { DamageReport, pagesOf } from "@sess/core/adapter";
import type { LoadBatcher } from "./batches.ts";
import type { Database } from "./database.ts";
import { isDamage } from "./faults.ts";
import { handleOf, recordOf } from "./record.ts";
import type { Statements } from "./statements.ts";

type Page = readonly (readonly [handle: string, record: SessionRecord])[];

/** What is found behind a handle. */
interface Entry {
  readonly handle: string;
  readonly found: SessionRecord | SessionError | undefined;
}

/** Sessions that one statement reads. */
const PAGE_SIZE = 100;

/** What a list is read with. */
interface Source {
  readonly database: Database;
  readonly statements: Statements;
  /** Reads what a page cannot. */
  readonly loads: LoadBatcher;
}

/**
 * The live records, all or those of one owner, page by page in the order of the handles. No transaction
 * spans the pages: it would keep old versions of all rows for as long as the listing takes.
 *
 * @throws RECORD_CORRUPT after the last page, if some records were damaged.
 */
export async function* recordPages(source: Source, owner?: string): AsyncGenerator<Page, void> {
  const damage = new DamageReport();
  const entryPages = pagesOf<Entry>({
    from: "",
    read: (after) => entriesAfter(after, source, owner),
    cursorOf: ({ handle }) => handle,
    pageSize: PAGE_SIZE,
  });
  for await (const entries of entryPages) {
    yield entries.flatMap(({ handle, found }) => {
      if (found instanceof SessionError) damage.add(found);
      return found === undefined || found instanceof SessionError ? [] : [[handle, found] as const];
    });
  }
  damage.throwIfAny();
}

async function entriesAfter(after: string, source: Source, owner?: string): Promise<Entry[]> {
  const { database, statements, loads } = source;
  const { rows, handles } = owner === undefined ? statements.list : statements.listOwned;
  const values = [after, PAGE_SIZE, ...(owner === undefined ? [] : [owner])];
  try {
    const page = await database.run(rows, values);
    return page.map((row) => ({ handle: handleOf(row), found: recordOf(row) }));
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  // One row that the server cannot read fails a whole page. So each is read by itself.
  const page = await database.run(handles, values);
  return Promise.all(page.map((row) => entryOf(handleOf(row), loads)));
}

async function entryOf(handle: string, loads: LoadBatcher): Promise<Entry> {
  try {
    return { handle, found: await loads.add(handle) };
  } catch (error) {
    if (error instanceof SessionError) return { handle, found: error };
    throw error;
  }
}
