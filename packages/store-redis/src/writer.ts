import type { SessionRecord } from "@sess/core";
import type { Connection } from "./connection.ts";
import type { Keyspace } from "./keyspace.ts";
import { encodeRecord, encodeRevision, encodeTime, type RecordParts } from "./record-text.ts";
import { OWNER, Scripts, UNNAMED } from "./scripts.ts";

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

  constructor(connection: Connection, keyspace: Keyspace) {
    this.#connection = connection;
    this.#keyspace = keyspace;
  }

  // Each answers as its script does.

  save(handle: string, record: SessionRecord): Promise<unknown> {
    const parts = encodeRecord(handle, record);
    const live = record.revision === 1 ? "" : asLive(record.revision - 1);
    const args = [live, lastInstant(record.expiresAt)];
    if (parts.owner !== "") return this.#saveOwned(handle, record.expiresAt, args, parts);
    args.push(parts.head + parts.rest);
    return this.#connection.run(this.#scripts.save, [this.#keyspace.record(handle)], args);
  }

  async touch(handle: string, expiresAt: number, revision?: number): Promise<unknown> {
    const keys = [this.#keyspace.record(handle)];
    const live = revision === undefined ? "" : asLive(revision);
    const args = [encodeTime(expiresAt), lastInstant(expiresAt), live];
    let reply = await this.#connection.run(this.#scripts.touch, keys, args);
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
    const key = this.#keyspace.record(handle);
    if (revision === undefined) return this.#connection.send(key, ["DEL", key]);
    return this.#connection.run(this.#scripts.delete, [key], [asLive(revision)]);
  }

  async #saveOwned(
    handle: string,
    expiresAt: number,
    [live = "", last = ""]: readonly string[],
    { head, rest, owner }: RecordParts,
  ): Promise<unknown> {
    const until = vouched(expiresAt);
    const keys = [this.#keyspace.record(handle)];
    if (!this.#connection.isSharded) keys.push(this.#keyspace.owner(owner));
    const args = [live, last, head, encodeTime(until), rest, owner, String(until), handle];
    // A first save is never named yet. A later one mostly is, which the script can tell.
    if (!this.#connection.isSharded || live !== "") {
      const reply = await this.#connection.run(this.#scripts.saveOwned, keys, args);
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
