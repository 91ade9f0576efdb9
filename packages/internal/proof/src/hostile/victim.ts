import { inspect } from "node:util";
import {
  type Session,
  SessionManager,
  type SessionManagerOptions,
  type SessionRecord,
} from "@sess/core";
import { Random } from "../random.ts";
import { examine, type Verdict } from "./examine.ts";
import { PlantedStore } from "./planted-store.ts";

type Options = Omit<SessionManagerOptions, "store">;

/** A session that holds much, and the store in which its record can be altered. */
export class Victim {
  readonly #store = new PlantedStore();
  readonly #sessions: SessionManager;
  readonly #session: Session;
  /** Another session, which nobody alters. */
  readonly other: Session;

  /** `written`: how the session was saved, where not by a manager with the same options. */
  static async create(options: Options, written = options): Promise<Victim> {
    const victim = new Victim(options, written);
    for (const session of [victim.#session, victim.other]) await session.save();
    return victim;
  }

  private constructor(options: Options, written: Options) {
    const store = this.#store;
    this.#sessions = new SessionManager({ store, sweepInterval: 0, ...options });
    const writing = new SessionManager({ store, sweepInterval: 0, ...written });
    this.other = writing.create();
    this.other.set("alias", "another");
    this.#session = writing.create({ idleTimeout: 3_600_000 });
    this.#session.owner = "ada";
    this.#session.set("alias", "GoTamer");
    this.#session.set("cart", [{ sku: 7, note: "äöü" }]);
    for (let key = 0; key < 8; key += 1) this.#session.set(`key ${key}`, key);
    this.#session.flash("notice", { text: "hello" });
  }

  /** Puts altered records in the place of the saved one, one after another, and counts what came of them. */
  async suffer(
    runs: number,
    alter: (record: SessionRecord, random: Random) => SessionRecord,
  ): Promise<Record<Verdict, number>> {
    const saved = [...this.#store.records];
    const record = this.#store.records.get(this.#session.handle);
    if (record === undefined) throw new Error("It is not stored.");
    const verdicts: Record<Verdict, number> = { "a session": 0, none: 0, refused: 0 };
    const seed = Math.floor(Math.random() * 2 ** 32);
    for (let run = 0; run < runs; run += 1) {
      const altered = alter(record, new Random(seed + run));
      for (const [key, each] of saved) this.#store.records.set(key, each);
      this.#store.records.set(this.#session.handle, altered);
      try {
        verdicts[await examine(this.#sessions, this.#session.id, run % 8 === 0)] += 1;
      } catch (cause) {
        const where = `seed ${seed}, run ${run}: ${inspect(altered)}`;
        throw new Error(`${where}: ${cause}`, { cause });
      }
    }
    return verdicts;
  }
}
