import type { SessionRecord } from "@sess/core";
import { Batcher, type Tick } from "@sess/core/adapter";
import type { Connection } from "./connection.ts";
import type { Keyspace } from "./keyspace.ts";
import { encodeRecord, encodeTime, NAMED_UNTIL_WIDTH, unreadable } from "./record.ts";
import { listFrom, notUnderstood, numberFrom } from "./replies.ts";
import { scripts } from "./scripts.ts";
import { ServerClock } from "./server-clock.ts";
import {
  ANY_REVISION,
  argumentsOf,
  NO_REVISION,
  type Outcome,
  type Step,
  setOutcome,
  stepOutcome,
} from "./step.ts";

/** Characters of arguments in one command: few enough not to hold up the server. */
const MAX_SIZE = 64 * 1024;
const HOUR = 3_600_000;

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
  readonly #clock = new ServerClock();
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

  /** Writes `record` if the live revision is one less; resolves to whether it did. */
  async save(handle: string, record: SessionRecord): Promise<boolean> {
    const { start, rest, owner } = encodeRecord(handle, record);
    const key = this.#keyspace.recordKey(handle);
    const base = (record.revision - 1).toString(36);
    const lastMs = lastInstant(record.expiresAt);
    if (owner === undefined) {
      const args = [base, lastMs, start + rest];
      return isDone(handle, await this.#do({ name: "save", keys: [key], args }));
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
    if (outcome.kind !== "left") return isDone(handle, outcome);
    await this.rename(handle, owner, outcome.namedUntil, until);
    return true;
  }

  /** Moves the expiry of the live record, of this revision if one is given; resolves to whether it did. */
  async touch(handle: string, expiresAt: number, revision?: number): Promise<boolean> {
    const keys = [this.#keyspace.recordKey(handle)];
    const until = namedUntil(expiresAt);
    const times = [lastInstant(expiresAt), encodeTime(expiresAt)];
    const touch = (owner: string) =>
      this.#do({ name: "touch", keys, args: [revisionOrAny(revision), ...times, owner, until] });
    let named = "";
    let outcome = await touch(named);
    // Once more each time the owner has changed in between.
    while (outcome.kind === "unnamed" && outcome.owner !== named) {
      named = outcome.owner;
      await this.#name(handle, named, until);
      outcome = await touch(named);
    }
    return isDone(handle, outcome);
  }

  /** Removes the record, of this revision if one is given, and its name; resolves to whether it was live. */
  async delete(handle: string, revision?: number): Promise<boolean> {
    const keys = [this.#keyspace.recordKey(handle)];
    const args = [revisionOrAny(revision), this.#connection.isSharded ? "no" : "yes"];
    const outcome = await this.#do({ name: "delete", keys, args });
    if (outcome.kind !== "left") return isDone(handle, outcome);
    await this.rename(handle, outcome.owner, outcome.namedUntil, "");
    return true;
  }

  /**
   * Makes the index of `owner`, as `encodeOwner` gives it, name a session until `to`, or no more if that is
   * empty, unless it has named the session again since it did so until `from`. Never rejects: a name that
   * stays does no harm, and goes when its time is over.
   */
  async rename(handle: string, owner: string, from: string, to: string): Promise<void> {
    const keys = [this.#keyspace.indexKey(owner)];
    await this.#do({ name: "rename", keys, args: [handle, from, to] }).catch(() => {});
  }

  async #name(handle: string, owner: string, until: string): Promise<void> {
    const keys = [this.#keyspace.indexKey(owner)];
    const { kind } = await this.#do({ name: "name", keys, args: [handle, until] });
    if (kind !== "done") throw notUnderstood("that a name was written");
  }

  #do(step: Step): Promise<Outcome> {
    return this.#connection.isSharded ? this.#sendOne(step) : this.#batcher.add(step);
  }

  async #sendOne({ name, keys, args }: Step): Promise<Outcome> {
    const [key = ""] = keys;
    if (name === "save" && args[0] === NO_REVISION) return this.#sendFirstSave(key, args);
    // The index may be on another server: a step that does not get its key says if it must be written.
    const reached = this.#connection.isSharded ? [key] : keys;
    return outcomeOf(await this.#connection.run(scripts[name], reached, args));
  }

  /** SET with NX costs less than a script, but does not say whether the time is over already. */
  async #sendFirstSave(key: string, args: readonly string[]): Promise<Outcome> {
    const [, lastMs = "", text = ""] = args;
    if (this.#clock.isAhead(Number(lastMs))) {
      const command = ["SET", key, text, "PXAT", lastMs, "NX"];
      return setOutcome(await this.#connection.send(key, command));
    }
    const reply = await this.#connection.run(scripts.timedSave, [key], args);
    const [answer, time] = listFrom(reply, 2);
    this.#clock.tell(numberFrom(time));
    return outcomeOf(answer);
  }

  async #sendMany(steps: readonly Step[]): Promise<readonly (Outcome | Error)[]> {
    const keys = steps.flatMap((step) => step.keys);
    const reply = await this.#connection.run(scripts.batch, keys, argumentsOf(steps));
    return listFrom(reply, steps.length).map(stepOutcome);
  }
}

function outcomeOf(answer: unknown): Outcome {
  const outcome = stepOutcome(answer);
  if (outcome instanceof Error) throw outcome;
  return outcome;
}

function isDone(handle: string, { kind }: Outcome): boolean {
  if (kind === "damaged") throw unreadable(handle);
  if (kind === "done" || kind === "refused") return kind === "done";
  throw notUnderstood("whether the step was done");
}

function revisionOrAny(revision: number | undefined): string {
  return revision === undefined ? ANY_REVISION : revision.toString(36);
}

/** Redis has a key until the end of the millisecond that it is told. 0 is an error, 1 is over too. */
function lastInstant(expiresAt: number): string {
  return String(Math.max(expiresAt - 1, 1));
}

/** As long again as the session has to live, and two hours at least. */
function namedUntil(expiresAt: number): string {
  const ms = expiresAt + Math.max(expiresAt - Date.now(), 2 * HOUR);
  return String(Math.min(ms, Number.MAX_SAFE_INTEGER)).padStart(NAMED_UNTIL_WIDTH, "0");
}
