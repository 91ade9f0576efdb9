import type { SessionRecord } from "@sess/core";
import { DamageReport, isHandle } from "@sess/core/adapter";
import { type Connection, DECODING } from "./connection.ts";
import { encodeOwner, type Keyspace } from "./keyspace.ts";
import type { Reader } from "./reader.ts";
import { listFrom, wordFrom } from "./replies.ts";

/** Live records, page by page; then RECORD_CORRUPT if damaged ones were skipped. */
type Pages = AsyncGenerator<readonly (readonly [handle: string, record: SessionRecord])[], void>;

/** Entries that the server looks at in one step: few enough not to hold it up. */
const SCAN_COUNT = "512";

/** Records that are in memory at a time. */
const PAGE_SIZE = 128;

/** Walks the records of all servers, or those that an owner's index names. */
export class Listing {
  readonly #connection: Connection;
  readonly #keyspace: Keyspace;
  readonly #reader: Reader;

  constructor(connection: Connection, keyspace: Keyspace, reader: Reader) {
    this.#connection = connection;
    this.#keyspace = keyspace;
    this.#reader = reader;
  }

  async *all(): Pages {
    const damage = new DamageReport();
    const options = ["MATCH", this.#keyspace.recordPattern, "COUNT", SCAN_COUNT];
    for (const primary of await this.#connection.primaries()) {
      const scan = (cursor: string) => primary.sendCommand(["SCAN", cursor, ...options], DECODING);
      for await (const keys of stepsOf(scan)) {
        const handles = keys.flatMap((key) => this.#keyspace.handleOf(key) ?? []);
        yield* this.#read(handles, damage);
      }
    }
    damage.throwIfAny();
  }

  /** The index only says where to look: it is the record that decides whose it is. */
  async *ofOwner(owner: string): Pages {
    const damage = new DamageReport();
    const index = this.#keyspace.indexKey(encodeOwner(owner));
    const scan = (cursor: string) =>
      this.#connection.send(index, ["ZSCAN", index, cursor, "COUNT", SCAN_COUNT]);
    for await (const namesAndScores of stepsOf(scan)) {
      const handles = namesAndScores.filter((name, place) => place % 2 === 0 && isHandle(name));
      for await (const page of this.#read(handles, damage)) {
        yield page.filter(([, record]) => record.owner === owner);
      }
    }
    damage.throwIfAny();
  }

  async *#read(handles: readonly string[], damage: DamageReport): Pages {
    for (let start = 0; start < handles.length; start += PAGE_SIZE) {
      const loads = handles.slice(start, start + PAGE_SIZE).map(async (handle) => {
        const record = await this.#reader.load(handle).catch((error) => damage.add(error));
        return record === undefined ? [] : [[handle, record] as const];
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
