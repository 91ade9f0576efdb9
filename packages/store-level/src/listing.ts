import { SessionError, type SessionRecord } from "@sess/core";
import type { Range } from "./database.ts";
import type { Engine } from "./engine.ts";
import { isDamage } from "./engine-errors.ts";
import {
  EXPIRIES,
  handleOfExpiry,
  handleOfOwner,
  handleOfRecord,
  ownedBy,
  RECORDS,
  recordKey,
} from "./keyspace.ts";
import { decodeRecord } from "./record-text.ts";

type Listed = readonly [key: string, record: SessionRecord];

/** Entries that one step reads. */
const STEP = 256;

// Both look afresh for each step. One cursor over all of it would show the records as they were at
// the start, ended ones too, and keep their old versions on disk for as long as its reader takes.

/** All live records, then a rejection with `RECORD_CORRUPT` where some were damaged. */
export async function* listAll(engine: Engine): AsyncGenerator<Listed> {
  const damaged: unknown[] = [];
  for (let after = RECORDS.gt; ; ) {
    const entries = await engine.entries({ ...RECORDS, gt: after }, STEP).catch(damageOf);
    if (entries instanceof SessionError) {
      // A block that cannot be read ends a walk over the records. The expiry index names them, too.
      yield* lookUp(engine, EXPIRIES, handleOfExpiry, damaged, (key) => key > after);
      break;
    }
    for (const [key, text] of entries) {
      const handle = handleOfRecord(key);
      const record = liveRecord(handle, text, damaged);
      if (record) yield [handle, record];
    }
    const last = entries.at(-1);
    if (last === undefined) break;
    after = last[0];
  }
  report(damaged);
}

/** The same of one owner. The record decides whose it is, the index only says where to look. */
export async function* listOwned(engine: Engine, owner: string): AsyncGenerator<Listed> {
  const damaged: unknown[] = [];
  for await (const listed of lookUp(engine, ownedBy(owner), handleOfOwner, damaged)) {
    if (listed[1].owner === owner) yield listed;
  }
  report(damaged);
}

/** The live records that an index names, each read by itself: one that cannot be shields no other. */
async function* lookUp(
  engine: Engine,
  index: Range,
  handleOf: (entry: string) => string,
  damaged: unknown[],
  isWanted = (_key: string) => true,
): AsyncGenerator<Listed> {
  for (let after = index.gt; ; ) {
    const entries = await engine.keys({ ...index, gt: after }, STEP);
    for (const handle of entries.map(handleOf)) {
      if (!isWanted(recordKey(handle))) continue;
      const waiting = engine.readable();
      if (waiting) await waiting;
      const [text] = await engine.getMany([recordKey(handle)]);
      const record = liveRecord(handle, text, damaged);
      if (record) yield [handle, record];
    }
    const last = entries.at(-1);
    if (last === undefined) return;
    after = last;
  }
}

function damageOf(error: unknown): SessionError {
  if (error instanceof SessionError && isDamage(error)) return error;
  throw error;
}

function liveRecord(
  handle: string,
  text: string | undefined | SessionError,
  damaged: unknown[],
): SessionRecord | undefined {
  if (text === undefined) return undefined;
  try {
    if (text instanceof SessionError) throw text;
    const record = decodeRecord(handle, text);
    return record.expiresAt > Date.now() ? record : undefined;
  } catch (error) {
    if (!isDamage(error)) throw error;
    damaged.push(error);
    return undefined;
  }
}

function report(damaged: readonly unknown[]): void {
  if (damaged.length === 0) return;
  throw new SessionError(
    "RECORD_CORRUPT",
    `${damaged.length} damaged records were passed over; the cause names the first. They stay where they are; delete them to end the sessions, or restore a backup.`,
    { cause: damaged[0] },
  );
}
