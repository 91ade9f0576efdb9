import type { SessionRecord } from "@sess/core";
import { Batcher, type Tick } from "@sess/core/adapter";
import type { Connection } from "./connection.ts";
import { faults, refusalOf } from "./faults.ts";
import type { Keyspace } from "./keyspace.ts";
import { decodeRecord, unreadable } from "./record.ts";
import { listFrom, textFrom } from "./replies.ts";

/** What one command found under a Redis key. */
interface Found {
  readonly text: string | undefined;
  /** Whether GET must have a look: MGET passes over what is no text as if nothing were there. */
  readonly mayBeOfOtherType?: Promise<boolean>;
}

/** Loads records, all that is asked for in one tick with one command. */
export class Reader {
  readonly #connection: Connection;
  readonly #keyspace: Keyspace;
  readonly #batcher: Batcher<string, Found>;

  constructor(connection: Connection, keyspace: Keyspace, tick: Tick) {
    this.#connection = connection;
    this.#keyspace = keyspace;
    this.#batcher = new Batcher({ tick, send: (keys) => this.#find(keys) });
  }

  /** @throws RECORD_CORRUPT if what is there is no record; STORE_UNAVAILABLE if the engine fails. */
  async load(handle: string): Promise<SessionRecord | undefined> {
    let text: string | undefined;
    try {
      text = await this.#read(this.#keyspace.recordKey(handle));
    } catch (error) {
      throw refusalOf(error) === "WRONGTYPE" ? unreadable(handle, error) : faults.readError(error);
    }
    if (text === undefined) return undefined;
    const record = decodeRecord(handle, text);
    // Redis has expired it by its own clock, unless the key was restored without its expiry.
    return record.expiresAt > Date.now() ? record : undefined;
  }

  async #read(key: string): Promise<string | undefined> {
    if (!this.#connection.isSharded) {
      try {
        const { text, mayBeOfOtherType } = await this.#batcher.add(key);
        if (!(await mayBeOfOtherType)) return text;
      } catch (error) {
        this.#connection.expectCrossSlot(error);
      }
    }
    return this.#get(key);
  }

  async #find(keys: readonly string[]): Promise<readonly Found[]> {
    const [first = "", ...others] = keys;
    if (others.length === 0) return [{ text: await this.#get(first) }];
    const reply = await this.#connection.send(first, ["MGET", ...keys]);
    const texts = listFrom(reply, keys.length).map(textFrom);
    const missing = keys.filter((_, index) => texts[index] === undefined);
    if (missing.length === 0) return texts.map((text) => ({ text }));
    // Those that were found do not wait for it. If it cannot be told, GET tells each by itself.
    const mayBeOfOtherType = this.#connection.send(first, ["EXISTS", ...missing]).then(
      (count) => Number(count) !== 0,
      () => true,
    );
    return texts.map((text) => (text === undefined ? { text, mayBeOfOtherType } : { text }));
  }

  async #get(key: string): Promise<string | undefined> {
    return textFrom(await this.#connection.send(key, ["GET", key]));
  }
}
