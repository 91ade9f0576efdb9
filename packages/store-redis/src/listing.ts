import { SessionError, type SessionRecord } from "@sess/core";
import type { Connection } from "./connection.ts";
import { encodeOwner, isHandle, type Keyspace } from "./keyspace.ts";

type Listed = readonly [key: string, record: SessionRecord];

/** Entries that the server looks at in one step. */
const STEP = "512";

/** Records that are in memory at a time. */
const PAGE = 128;

/** Walks the records of a server or a cluster, and those that an owner's index names. */
export class Listing {
  readonly #connection: Connection;
  readonly #keyspace: Keyspace;
  readonly #load: (handle: string) => Promise<SessionRecord | undefined>;

  constructor(
    connection: Connection,
    keyspace: Keyspace,
    load: (handle: string) => Promise<SessionRecord | undefined>,
  ) {
    this.#connection = connection;
    this.#keyspace = keyspace;
    this.#load = load;
  }

  /** All live records, then a rejection with `RECORD_CORRUPT` where some could not be read. */
  async *all(): AsyncGenerator<Listed> {
    const damaged: SessionError[] = [];
    for (const primary of await this.#connection.primaries()) {
      const scan = (cursor: string) =>
        primary.sendCommand(["SCAN", cursor, "MATCH", this.#keyspace.pattern, "COUNT", STEP], {
          typeMapping: {},
        });
      for await (const keys of steps(scan)) {
        const handles = keys.flatMap((key) => this.#keyspace.handleOf(key) ?? []);
        yield* this.#read(handles, damaged);
      }
    }
    report(damaged);
  }

  /** The same of one owner. The record decides whose it is, the index only says where to look. */
  async *of(owner: string): AsyncGenerator<Listed> {
    const damaged: SessionError[] = [];
    const key = this.#keyspace.owner(encodeOwner(owner));
    const scan = (cursor: string) =>
      this.#connection.send(key, ["ZSCAN", key, cursor, "COUNT", STEP]);
    for await (const names of steps(scan)) {
      // Each is followed by its score.
      const handles = names.filter((name, index) => index % 2 === 0 && isHandle(name));
      for await (const listed of this.#read(handles, damaged)) {
        if (listed[1].owner === owner) yield listed;
      }
    }
    report(damaged);
  }

  async *#read(handles: readonly string[], damaged: SessionError[]): AsyncGenerator<Listed> {
    for (let at = 0; at < handles.length; at += PAGE) {
      const page = handles.slice(at, at + PAGE);
      const found = await Promise.all(page.map((handle) => this.#load(handle).catch(damageOf)));
      for (const [index, handle] of page.entries()) {
        const record = found[index];
        if (record instanceof SessionError) damaged.push(record);
        else if (record !== undefined) yield [handle, record];
      }
    }
  }
}

/** What each step of a walk finds. The server keeps no place for it: a walk may be left at any time. */
async function* steps(scan: (cursor: string) => Promise<unknown>): AsyncGenerator<string[]> {
  let cursor = "0";
  do {
    const [next, found]: unknown[] = Object(await scan(cursor));
    cursor = String(next);
    yield Array.isArray(found) ? found.map(String) : [];
  } while (cursor !== "0");
}

function damageOf(error: unknown): SessionError {
  if (error instanceof SessionError && error.code === "RECORD_CORRUPT") return error;
  throw error;
}

function report(damaged: readonly SessionError[]): void {
  if (damaged.length === 0) return;
  throw new SessionError(
    "RECORD_CORRUPT",
    `${damaged.length} damaged records were passed over; the cause names the first. They stay where they are; delete them to end the sessions, or restore a backup.`,
    { cause: damaged[0] },
  );
}
