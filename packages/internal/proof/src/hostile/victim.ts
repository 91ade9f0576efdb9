import assert from "node:assert/strict";
import { inspect } from "node:util";
import {
  type Session,
  SessionManager,
  type SessionManagerOptions,
  type SessionRecord,
} from "@sess/core";
import { ReferenceStore } from "@sess/test-support";
import { newSeed, Random } from "../random.ts";
import { examine, type Verdict } from "./examine.ts";

export type Options = Omit<SessionManagerOptions, "store">;

/** Takes records as they are: nothing expires, and a revision that is no number equals itself. */
class PlantedStore extends ReferenceStore {
  protected override live(handle: string): SessionRecord | undefined {
    return this.records.get(handle);
  }

  protected override liveAt(handle: string, revision?: number): SessionRecord | undefined {
    const record = this.live(handle);
    return Object.is(revision ?? record?.revision, record?.revision) ? record : undefined;
  }
}

/** A session that holds much, in a store where its record can be altered. */
export class Victim {
  readonly #store = new PlantedStore();
  readonly #sessions: SessionManager;
  readonly #session: Session;
  /** Another session, which nobody alters. */
  readonly #other: Session;
  /** What is attacked. */
  #target: { readonly id: string; readonly handle: string };

  /** @param written - The options of the manager that saved it, where they differ from the reader's. */
  static async create(options: Options, written = options): Promise<Victim> {
    const victim = new Victim(options, written);
    for (const session of [victim.#session, victim.#other]) await session.save();
    return victim;
  }

  private constructor(options: Options, written: Options) {
    const store = this.#store;
    this.#sessions = new SessionManager({ store, sweepInterval: 0, ...options });
    const writing = new SessionManager({ store, sweepInterval: 0, ...written });
    this.#other = writing.create();
    this.#other.set("alias", "another");
    this.#session = writing.create({ idleTimeout: 3_600_000 });
    this.#session.owner = "ada";
    this.#session.set("alias", "GoTamer");
    this.#session.set("cart", [{ sku: 7, note: "äöü" }]);
    for (let key = 0; key < 8; key += 1) this.#session.set(`key ${key}`, key);
    this.#session.flash("notice", { text: "hello" });
    const { id, handle } = this.#session;
    this.#target = { id, handle };
  }

  /** Gives the session a new id. What is attacked from then on is the forwarding record under the old one. */
  async moveOn(): Promise<void> {
    await this.#session.regenerate();
  }

  /** Puts altered records in the place of the saved one, one after another, and counts what came of them. */
  async suffer(
    runs: number,
    alter: (record: SessionRecord, random: Random) => SessionRecord,
  ): Promise<Record<Verdict, number>> {
    const { records } = this.#store;
    const saved = [...records];
    const record = records.get(this.#target.handle);
    if (record === undefined) throw new Error("It is not stored.");
    const verdicts: Record<Verdict, number> = { "a session": 0, none: 0, refused: 0 };
    const seed = newSeed();
    for (let run = 0; run < runs; run += 1) {
      const altered = alter(record, new Random(seed + run));
      for (const [handle, each] of saved) records.set(handle, each);
      records.set(this.#target.handle, altered);
      this.#store.forget();
      try {
        verdicts[await examine(this.#sessions, this.#target.id, run % 8 === 0)] += 1;
        assert.ok(records.has(this.#other.handle), "another session has ended");
      } catch (cause) {
        const where = `seed ${seed}, run ${run}: ${inspect(altered)}`;
        throw new Error(`${where}: ${cause}`, { cause });
      }
    }
    return verdicts;
  }
}
