import type { SessionRecord } from "@sess/core";
import { Batcher, type Tick } from "@sess/core/adapter";
import type { Connection } from "./connection.ts";
import type { Keyspace } from "./keyspace.ts";
import { encodeRecord, encodeTime, NAMED_UNTIL_WIDTH, unreadable } from "./record.ts";
import { listFrom } from "./replies.ts";
import { scripts } from "./scripts.ts";
import {
  ANY_REVISION,
  argumentsOf,
  commandOutcome,
  type Outcome,
  type Step,
  stepOutcome,
} from "./step.ts";

/** Characters of arguments in one command: few enough not to hold up the server. */
const MAX_SIZE = 64 * 1024;
const DAY = 86_400_000;

/**
 * Changes records, all that is asked for in one tick with one command. Rejects with what the client rejects
 * with, or with RECORD_CORRUPT if there is something else than a record.
 *
 * A record with an owner never lives longer than the owner's index is sure to name it. If it is to, the
 * index is written first: in the same step if one server has both keys, in a step before it if not. It is
 * made to name a session for longer than it must, so that few saves and touches have to write it.
 */
export class Writer {
  readonly #connection: Connection;
  readonly #keyspace: Keyspace;
  readonly #batcher: Batcher<Step, Outcome>;

  constructor(connection: Connection, keyspace: Keyspace, tick: Tick) {
    this.#connection = connection;
    this.#keyspace = keyspace;
    const one = (step: Step) => this.#sendOne(step);
    const many = (steps: readonly Step[]) => this.#sendMany(steps);
    this.#batcher = new Batcher({
      tick,
      send: (steps) => connection.together(steps, one, many),
      sizeOf: ({ args }) => args.reduce((size, { length }) => size + length, 0),
      maxSize: MAX_SIZE,
    });
  }

  async save(handle: string, record: SessionRecord): Promise<boolean> {
    const { start, rest, owner } = encodeRecord(handle, record);
    const key = this.#keyspace.recordKey(handle);
    const base = (record.revision - 1).toString(36);
    const lastMs = lastInstant(record.expiresAt);
    if (owner === undefined) {
      const args = [base, lastMs, start + rest];
      const command =
        record.revision === 1 ? ["SET", key, start + rest, "PXAT", lastMs, "NX"] : undefined;
      return isDone(handle, await this.#do({ name: "save", keys: [key], args, command }));
    }
    const until = namedUntil(record.expiresAt);
    const save = (keys: string[], isNamed: "yes" | "no") => {
      const args = [base, lastMs, start, until, rest, owner, handle, isNamed];
      return this.#do({ name: "saveOwned", keys, args });
    };
    let outcome: Outcome = { kind: "unnamed", owner };
    // In its first save no index names a session yet: a step that cannot reach the index would be in vain.
    if (!this.#connection.isSharded || record.revision > 1) {
      outcome = await save([key, this.#keyspace.indexKey(owner)], "no");
    }
    if (outcome.kind === "unnamed") {
      await this.#name(handle, owner, until);
      outcome = await save([key], "yes");
    }
    return isDone(handle, outcome);
  }

  async touch(handle: string, expiresAt: number, revision?: number): Promise<boolean> {
    const keys = [this.#keyspace.recordKey(handle)];
    const until = namedUntil(expiresAt);
    const times = [lastInstant(expiresAt), encodeTime(expiresAt)];
    const touch = (owner: string) =>
      this.#do({ name: "touch", keys, args: [revisionOrAny(revision), ...times, owner, until] });
    let outcome = await touch("");
    // Once more each time the owner has changed in between.
    while (outcome.kind === "unnamed") {
      await this.#name(handle, outcome.owner, until);
      outcome = await touch(outcome.owner);
    }
    return isDone(handle, outcome);
  }

  async delete(handle: string, revision?: number): Promise<boolean> {
    const key = this.#keyspace.recordKey(handle);
    const command = revision === undefined ? ["DEL", key] : undefined;
    const args = [revisionOrAny(revision)];
    return isDone(handle, await this.#do({ name: "delete", keys: [key], args, command }));
  }

  #name(handle: string, owner: string, until: string): Promise<Outcome> {
    const keys = [this.#keyspace.indexKey(owner)];
    return this.#do({ name: "name", keys, args: [handle, until] });
  }

  #do(step: Step): Promise<Outcome> {
    return this.#connection.isSharded ? this.#sendOne(step) : this.#batcher.add(step);
  }

  async #sendOne({ name, keys, args, command }: Step): Promise<Outcome> {
    const [key = ""] = keys;
    let outcome: Outcome | Error;
    if (command !== undefined) {
      outcome = commandOutcome(await this.#connection.send(key, command));
    } else {
      // The index may be on another server: a step that does not get its key says if it must be written.
      const reached = this.#connection.isSharded ? [key] : keys;
      outcome = stepOutcome(await this.#connection.run(scripts[name], reached, args));
    }
    if (outcome instanceof Error) throw outcome;
    return outcome;
  }

  async #sendMany(steps: readonly Step[]): Promise<readonly (Outcome | Error)[]> {
    const keys = steps.flatMap((step) => step.keys);
    const reply = await this.#connection.run(scripts.batch, keys, argumentsOf(steps));
    return listFrom(reply, steps.length).map(stepOutcome);
  }
}

function isDone(handle: string, { kind }: Outcome): boolean {
  if (kind === "damaged") throw unreadable(handle);
  return kind === "done";
}

function revisionOrAny(revision: number | undefined): string {
  return revision === undefined ? ANY_REVISION : revision.toString(36);
}

/** Redis has a key until the end of the millisecond that it is told. 0 is an error, 1 is over too. */
function lastInstant(expiresAt: number): string {
  return String(Math.max(expiresAt - 1, 1));
}

/** As long again as the session has to live, and a day at least. */
function namedUntil(expiresAt: number): string {
  const ms = expiresAt + Math.max(expiresAt - Date.now(), DAY);
  return String(Math.min(ms, Number.MAX_SAFE_INTEGER)).padStart(NAMED_UNTIL_WIDTH, "0");
}
