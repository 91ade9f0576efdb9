import type { SessionRecord } from "@sess/core";
import { DamageReport, isHandle } from "@sess/core/adapter";
import { type Connection, DECODING } from "./connection.ts";
import { encodeOwner, type Keyspace } from "./keyspace.ts";
import type { Reader } from "./reader.ts";
import { listFrom, notUnderstood, wordFrom } from "./replies.ts";
import type { Writer } from "./writer.ts";

type Entry = readonly [handle: string, record: SessionRecord];

/** Live records, page by page; then RECORD_CORRUPT if damaged ones were skipped. */
type Pages = AsyncGenerator<readonly Entry[], void>;

/** What is under some handles: undefined where nothing is. Damaged records are left out. */
type Page = readonly (readonly [handle: string, record: SessionRecord | undefined])[];

/** Entries that the server looks at in one step: few enough not to hold it up. */
const SCAN_COUNT = "512";

/** Records that are in memory at a time. */
const PAGE_SIZE = 128;

/** Walks the records of all servers, or those that an owner's index names. */
export class Listing {
  readonly #connection: Connection;
  readonly #keyspace: Keyspace;
  readonly #reader: Reader;
  readonly #writer: Writer;

  constructor(connection: Connection, keyspace: Keyspace, reader: Reader, writer: Writer) {
    this.#connection = connection;
    this.#keyspace = keyspace;
    this.#reader = reader;
    this.#writer = writer;
  }

  /** All live records. */
  async *all(): Pages {
    const damage = new DamageReport();
    const options = ["MATCH", this.#keyspace.recordPattern, "COUNT", SCAN_COUNT];
    for (const primary of await this.#connection.primaries()) {
      const scan = (cursor: string) => primary.sendCommand(["SCAN", cursor, ...options], DECODING);
      for await (const keys of stepsOf(scan)) {
        const handles = keys.flatMap((key) => this.#keyspace.handleOf(key) ?? []);
        for await (const page of this.#read(handles, damage)) yield page.filter(isThere);
      }
    }
    damage.throwIfAny();
  }

  /**
   * The live records of `owner`. The index only says where to look: it is the record that decides whose it
   * is. The index loses the names under which there is nothing of this owner.
   */
  async *ofOwner(owner: string): Pages {
    const damage = new DamageReport();
    const index = this.#keyspace.indexKey(encodeOwner(owner));
    const scan = (cursor: string) =>
      this.#connection.send(index, ["ZSCAN", index, cursor, "COUNT", SCAN_COUNT]);
    for await (const namesAndScores of stepsOf(scan)) {
      const scores = scoresOf(namesAndScores);
      for await (const page of this.#read([...scores.keys()], damage)) {
        const dead = page.filter(([, record]) => record?.owner !== owner);
        await this.#forget(encodeOwner(owner), dead, scores);
        yield page.filter(isThere).filter(([, record]) => record.owner === owner);
      }
    }
    damage.throwIfAny();
  }

  /**
   * Not where index and record may be on two servers: a first save whose name is there already, and whose
   * record is not, would be missed from then on. There a name goes with its session or when its time is over.
   */
  async #forget(owner: string, dead: Page, scores: ReadonlyMap<string, string>): Promise<void> {
    if (this.#connection.isSharded) return;
    const forget = (handle: string) =>
      this.#writer.rename(handle, owner, scores.get(handle) ?? "", "");
    await Promise.all(dead.map(([handle]) => forget(handle)));
  }

  async *#read(handles: readonly string[], damage: DamageReport): AsyncGenerator<Page, void> {
    for (let start = 0; start < handles.length; start += PAGE_SIZE) {
      const loads = handles.slice(start, start + PAGE_SIZE).map(async (handle) => {
        try {
          return [[handle, await this.#reader.load(handle)] as const];
        } catch (error) {
          damage.add(error);
          return [];
        }
      });
      yield (await Promise.all(loads)).flat();
    }
  }
}

/** What each step of a walk finds. The server keeps nothing for a walk, so it may be left at any time. */
async function* stepsOf(scan: (cursor: string) => Promise<unknown>): AsyncGenerator<string[]> {
  let cursor = "0";
  do {
    const [next, found] = listFrom(await scan(cursor), 2);
    cursor = wordFrom(next);
    yield listFrom(found).map(wordFrom);
  } while (cursor !== "0");
}

/** The handles among the names of an index, with their scores. */
function scoresOf(namesAndScores: readonly string[]): ReadonlyMap<string, string> {
  const scores = new Map<string, string>();
  for (const [place, name] of namesAndScores.entries()) {
    const score = namesAndScores[place + 1];
    if (place % 2 === 1) continue;
    if (score === undefined) throw notUnderstood("a score for each name");
    if (isHandle(name)) scores.set(name, score);
  }
  return scores;
}

function isThere(found: Page[number]): found is Entry {
  return found[1] !== undefined;
}
