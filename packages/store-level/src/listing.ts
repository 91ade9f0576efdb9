import { SessionError, type SessionRecord } from "@sess/core";
import { DamageReport, damagedRecord } from "@sess/core/adapter";
import type { Range } from "./client.ts";
import type { Engine } from "./engine/engine.ts";
import { isDamage } from "./faults.ts";
import {
  EXPIRIES,
  handleOfExpiry,
  handleOfOwner,
  handleOfRecord,
  ownedBy,
  RECORDS,
  recordKey,
} from "./keyspace.ts";
import { decodeRecord } from "./record.ts";

type Listed = readonly [handle: string, record: SessionRecord];

/** Entries in a page. */
const PAGE_SIZE = 256;

/**
 * All live records.
 *
 * @throws RECORD_CORRUPT at the end, if damaged records were skipped.
 */
export async function* listAll(engine: Engine): AsyncGenerator<Listed> {
  const report = new DamageReport();
  let reached = RECORDS.gt;
  try {
    for await (const page of whileOpen(engine, engine.entryPages(RECORDS, PAGE_SIZE))) {
      for (const [key, text] of page) {
        reached = key;
        const handle = handleOfRecord(key);
        const record = liveRecord(handle, text, report);
        if (record) yield [handle, record];
      }
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    // A block that cannot be read ends a walk over the records. The expiry index names them too.
    const isNew = (handle: string) => recordKey(handle) > reached;
    yield* lookUp(engine, EXPIRIES, handleOfExpiry, report, isNew);
  }
  report.throwIfAny();
}

/**
 * The live records of one owner. The record decides whose it is; the index only says where to look.
 *
 * @throws RECORD_CORRUPT at the end, if damaged records were skipped.
 */
export async function* listOwned(engine: Engine, owner: string): AsyncGenerator<Listed> {
  const report = new DamageReport();
  for await (const listed of lookUp(engine, ownedBy(owner), handleOfOwner, report)) {
    const [, record] = listed;
    if (record.owner === owner) yield listed;
  }
  report.throwIfAny();
}

/** The live records that an index names. Each is read by itself, so that none hides another. */
async function* lookUp(
  engine: Engine,
  index: Range,
  handleOf: (entry: string) => string,
  report: DamageReport,
  isWanted = (_handle: string) => true,
): AsyncGenerator<Listed> {
  for await (const page of whileOpen(engine, engine.keyPages(index, PAGE_SIZE))) {
    for (const handle of page.map(handleOf).filter(isWanted)) {
      const [text] = await engine.lifeCycle.run(async () => {
        await engine.readable();
        return engine.getMany([recordKey(handle)]);
      });
      const record = liveRecord(handle, text, report);
      if (record) yield [handle, record];
    }
  }
}

/** Reads each page as a call of its own: one that has begun is carried out, and none follows `close()`. */
async function* whileOpen<Page>(
  engine: Engine,
  pages: AsyncIterable<Page>,
): AsyncGenerator<Page, void> {
  const iterator = pages[Symbol.asyncIterator]();
  for (;;) {
    const next = await engine.lifeCycle.run(() => iterator.next());
    if (next.done) return;
    yield next.value;
  }
}

function liveRecord(
  handle: string,
  text: string | undefined | SessionError,
  report: DamageReport,
): SessionRecord | undefined {
  if (text === undefined) return undefined;
  try {
    if (text instanceof SessionError) throw unreadable(handle, text);
    const record = decodeRecord(handle, text);
    return record.expiresAt > Date.now() ? record : undefined;
  } catch (error) {
    report.add(error);
    return undefined;
  }
}

/** The error for a record that LevelDB failed to read. */
function unreadable(handle: string, error: SessionError): SessionError {
  if (!isDamage(error)) return error;
  return damagedRecord(handle, "its place on the disk is damaged", error);
}
