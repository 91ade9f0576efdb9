import type { SessionRecord } from "@sess/core";
import { Batcher } from "./batcher.ts";
import type { Connection } from "./connection.ts";
import type { Keyspace } from "./keyspace.ts";
import { encodeRecord, encodeRevision, encodeTime } from "./record-text.ts";
import { Scripts } from "./scripts.ts";
import { OWNER, UNNAMED } from "./steps.ts";
import type { Turn } from "./turn.ts";
import { type Write, Writes } from "./writes.ts";

/** The least that an owner's index vouches for beyond a session's expiry, in ms. */
const LEAST = 86_400_000;

/**
 * Changes records, each by one script. A record with an owner never lives longer than its owner's
 * index vouches for naming it; where it is to, the index is written first: in the same script where
 * one server has both keys, in a step of its own where not. Vouching for more than is needed, that is
 * done once for many saves and touches.
 */
export class Writer {
  readonly #connection: Connection;
  readonly #keyspace: Keyspace;
  readonly #scripts = new Scripts();
  readonly #batcher: Batcher<Write>;

  constructor(connection: Connection, keyspace: Keyspace, turn: Turn) {
    this.#connection = connection;
    this.#keyspace = keyspace;
    const writes = new Writes(connection, this.#scripts);
    this.#batcher = new Batcher(turn, writes, connection.isSharded);
  }

  // Each answers as its step does.

  save(handle: string, record: SessionRecord): Promise<unknown> {
    const { head, rest, owner } = encodeRecord(handle, record);
    const last = lastInstant(record.expiresAt);
    const live = record.revision === 1 ? "" : asLive(record.revision - 1);
    if (owner !== "")
      return this.#saveOwned(handle, record.expiresAt, [live, last, head], rest, owner);
    const keys = [this.#keyspace.record(handle)];
    const text = head + rest;
    return live === ""
      ? this.#batcher.add({ step: "create", keys, args: [last, text] })
      : this.#batcher.add({ step: "replace", keys, args: [live, last, text] });
  }

  async touch(handle: string, expiresAt: number, revision?: number): Promise<unknown> {
    const keys = [this.#keyspace.record(handle)];
    const live = revision === undefined ? "" : asLive(revision);
    const args = [encodeTime(expiresAt), lastInstant(expiresAt), live];
    let reply = await this.#batcher.add({ step: "touch", keys, args });
    // Again where the owner changed in between.
    while (typeof reply === "string" && reply.startsWith(OWNER)) {
      const until = vouched(expiresAt);
      const owner = reply.slice(OWNER.length);
      await this.#name(handle, owner, until);
      const named = [...args, encodeTime(until), owner];
      reply = await this.#connection.run(this.#scripts.touch, keys, named);
    }
    return reply;
  }

  delete(handle: string, revision?: number): Promise<unknown> {
    const keys = [this.#keyspace.record(handle)];
    return revision === undefined
      ? this.#batcher.add({ step: "erase", keys, args: [] })
      : this.#batcher.add({ step: "remove", keys, args: [asLive(revision)] });
  }

  async #saveOwned(
    handle: string,
    expiresAt: number,
    [live = "", last = "", head = ""]: readonly string[],
    rest: string,
    owner: string,
  ): Promise<unknown> {
    const until = vouched(expiresAt);
    const keys = [this.#keyspace.record(handle)];
    const args = [live, last, head, encodeTime(until), rest, owner, String(until), handle];
    if (!this.#connection.isSharded) {
      keys.push(this.#keyspace.owner(owner));
      return this.#batcher.add({ step: "saveOwned", keys, args });
    }
    // A first save is never named yet. A later one mostly is, which the script can tell.
    if (live !== "") {
      const reply = await this.#batcher.add({ step: "saveOwned", keys, args });
      if (Number(reply) !== UNNAMED) return reply;
    }
    await this.#name(handle, owner, until);
    return this.#connection.run(this.#scripts.saveOwned, keys, [...args, "1"]);
  }

  #name(handle: string, owner: string, until: number): Promise<unknown> {
    const key = this.#keyspace.owner(owner);
    return this.#connection.run(this.#scripts.index, [key], [handle, String(until)]);
  }
}

/** A revision as it stands in a record, to its end: 1 is not the beginning of 12. */
function asLive(revision: number): string {
  return `${encodeRevision(revision)} `;
}

/** As much again as a session has to live, so that a session in use is named once in many touches. */
function vouched(expiresAt: number): number {
  return Math.min(expiresAt + Math.max(expiresAt - Date.now(), LEAST), Number.MAX_SAFE_INTEGER);
}

/** The last millisecond in which Redis may have the key. What has passed already is one, 0 is none. */
function lastInstant(expiresAt: number): string {
  return String(Math.max(expiresAt - 1, 1));
}
