import { SessionError, type SessionRecord } from "@sess/core";
import type { Values } from "./client.ts";
import type { Engine } from "./engine.ts";
import { isDamage, readError } from "./engine-errors.ts";
import { damagedRow, keyOf, toRecord } from "./row.ts";
import type { Statements } from "./statements.ts";

type Listed = readonly [key: string, record: SessionRecord];

/** Sessions that one statement reads. */
const PAGE = 100;

/**
 * Live records, all or of one owner, a page at a time in the order of their keys, then a rejection
 * with `RECORD_CORRUPT` where some were damaged. No transaction spans the pages: it would keep the
 * old versions of all rows on disk for as long as the reader takes.
 */
export async function* list(
  engine: Engine,
  statements: Statements,
  owner: string | undefined,
): AsyncGenerator<Listed> {
  const damaged: SessionError[] = [];
  for (let after = ""; ; ) {
    const page = await engine.call(() => readPage(engine, statements, after, owner), readError);
    for (const [key, record] of page) {
      after = key;
      if (record instanceof SessionError) damaged.push(record);
      else if (record !== undefined) yield [key, record];
    }
    if (page.length < PAGE) break;
  }
  report(damaged);
}

/** A record that cannot be read is an error in its place. */
type Entry = readonly [key: string, record: SessionRecord | SessionError | undefined];

async function readPage(
  engine: Engine,
  statements: Statements,
  after: string,
  owner: string | undefined,
): Promise<Entry[]> {
  const values = owner === undefined ? [after, PAGE] : [after, PAGE, owner];
  try {
    const { list, listOwned } = statements;
    const rows = await engine.run(owner === undefined ? list : listOwned, values);
    return rows.map((row) => entryOf(keyOf(row), row));
  } catch (error) {
    if (!isDamage(error)) throw error;
    // One row that the server cannot read fails them all. So each by itself.
    const { listKeys, listKeysOwned } = statements;
    const keys = await engine.run(owner === undefined ? listKeys : listKeysOwned, values);
    const entries: Entry[] = [];
    for (const [key] of keys) entries.push(await readOne(engine, statements, String(key)));
    return entries;
  }
}

async function readOne(engine: Engine, statements: Statements, key: string): Promise<Entry> {
  try {
    const [row] = await engine.run(statements.load, [key]);
    return row === undefined ? [key, undefined] : entryOf(key, row);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return [key, damagedRow(key, error)];
  }
}

function entryOf(key: string, row: Values): Entry {
  try {
    return [key, toRecord(key, row)];
  } catch (error) {
    if (!(error instanceof SessionError)) throw error;
    return [key, error];
  }
}

function report(damaged: readonly SessionError[]): void {
  if (damaged.length === 0) return;
  throw new SessionError(
    "RECORD_CORRUPT",
    `${damaged.length} damaged rows were passed over; the cause names the first. They stay where they are; delete them to end the sessions, or restore a backup.`,
    { cause: damaged[0] },
  );
}
