import type { SessionRecord } from "@sess/core";
import { Batcher, type Tick } from "@sess/core/adapter";
import type { Connection } from "./connection.ts";
import { readError, refusalOf } from "./faults.ts";
import type { Keyspace } from "./keyspace.ts";
import { decodeRecord, unreadable } from "./record.ts";
import { listFrom, numberFrom, textFrom } from "./replies.ts";
import { scripts } from "./scripts.ts";

/** MGET passes over what is no text as if nothing were there: what it misses needs a second look. */
interface SecondLook {
  readonly text: Promise<string | undefined>;
}

/** Loads records, all that is asked for in one tick with one command. */
export class Reader {
  readonly #connection: Connection;
  readonly #keyspace: Keyspace;
  readonly #batcher: Batcher<string, string | undefined | SecondLook>;

  constructor(connection: Connection, keyspace: Keyspace, tick: Tick) {
    this.#connection = connection;
    this.#keyspace = keyspace;
    const get = (key: string) => this.#get(key);
    const getAll = (keys: readonly string[]) => this.#getAll(keys);
    this.#batcher = new Batcher({ tick, send: (keys) => connection.together(keys, get, getAll) });
  }

  /**
   * The live record; undefined if there is none.
   *
   * @throws RECORD_CORRUPT if what is there is no record; STORE_UNAVAILABLE if the engine fails.
   */
  async load(handle: string): Promise<SessionRecord | undefined> {
    const key = this.#keyspace.recordKey(handle);
    try {
      const isSharded = this.#connection.isSharded;
      const found = await (isSharded ? this.#get(key) : this.#batcher.add(key));
      const text = typeof found === "object" ? await found.text : found;
      if (text === undefined) return undefined;
      const record = decodeRecord(handle, text);
      // Redis has expired it by its own clock, unless the key has lost its expiry, as by a restore. Where that
      // may be, the server is asked: the clock of this process may be wrong.
      if (record.expiresAt > Date.now()) return record;
      const time = numberFrom(await this.#connection.run(scripts.time, [key], []));
      return record.expiresAt > time ? record : undefined;
    } catch (error) {
      throw refusalOf(error) === "WRONGTYPE" ? unreadable(handle, error) : readError(error);
    }
  }

  async #get(key: string): Promise<string | undefined> {
    return textFrom(await this.#connection.send(key, ["GET", key]));
  }

  async #getAll(keys: readonly string[]): Promise<readonly (string | undefined | SecondLook)[]> {
    const [first = ""] = keys;
    const reply = await this.#connection.send(first, ["MGET", ...keys]);
    const texts = listFrom(reply, keys.length).map(textFrom);
    const missing = keys.filter((_, index) => texts[index] === undefined);
    if (missing.length === 0) return texts;
    // Those that were found do not wait for it. If EXISTS fails, GET tells of each by itself.
    const anyExists = this.#connection.send(first, ["EXISTS", ...missing]).then(
      (count) => numberFrom(count) !== 0,
      () => true,
    );
    const look = async (key: string) => ((await anyExists) ? this.#get(key) : undefined);
    return keys.map((key, index) => texts[index] ?? { text: look(key) });
  }
}
