import { isDamage, sessionConflict } from "../contract/errors.ts";
import type { SessionRecord } from "../contract/store.ts";
import type { Environment } from "../environment/environment.ts";
import { forwardingIn, isEndedMark, rootOf } from "../format/stand-ins.ts";
import { end } from "./end.ts";
import { RetryPolicy } from "./retry-policy.ts";

/** How many sessions are ended at once: a store with group commit writes them together. */
const AT_ONCE = 64;

/** The session that `revokeAll` spares. */
export interface Excepted {
  readonly handle: string;
  /** The handle of its first id, by which its record is known wherever it moves. */
  readonly root?: string | undefined;
}

/**
 * Ends all sessions of `owner` except one, and resolves to how many. Repeats until a pass finds none, so
 * that a session that changes its id meanwhile is ended too. Ends all it can before it throws; but if it
 * cannot learn which session to spare, it ends none.
 *
 * @throws SESSION_CONFLICT if sessions keep being started; NOT_SUPPORTED; RECORD_CORRUPT if damaged
 * records may be theirs; the store's error.
 */
export async function revokeAll(
  env: Environment,
  owner: string,
  except?: Excepted,
): Promise<number> {
  const spared = except === undefined ? NOBODY : await sparedBy(env, except);
  const retries = new RetryPolicy(() =>
    sessionConflict("Sessions of this owner keep being started: some may still live."),
  );
  let total = 0;
  for (;;) {
    const pass = new Pass(env, owner, spared.handles);
    await pass.run();
    total += pass.ended;
    if (pass.ended === 0 && pass.missed === 0) {
      const failure = pass.failures[0] ?? spared.damage;
      if (failure !== undefined) throw failure;
      return total;
    }
    await retries.nextAttempt();
  }
}

/** One look at all sessions of an owner. */
class Pass {
  /** How many it ended. */
  ended = 0;
  /** How many were listed and then not there: others ended them, or they moved without leaving a trace. */
  missed = 0;
  readonly failures: unknown[] = [];
  readonly #env: Environment;
  readonly #owner: string;
  readonly #spare: ReadonlySet<string>;
  /** Handles that this pass has seen to. */
  readonly #visited = new Set<string>();

  constructor(env: Environment, owner: string, spare: ReadonlySet<string>) {
    this.#env = env;
    this.#owner = owner;
    this.#spare = spare;
  }

  async run(): Promise<void> {
    const ends: Promise<void>[] = [];
    try {
      for await (const [handle, record] of this.#env.store.list(this.#owner)) {
        if (this.#isToEnd(handle, record)) ends.push(this.#endOne(handle, record));
        if (ends.length === AT_ONCE) await Promise.all(ends.splice(0));
      }
    } catch (error) {
      this.failures.push(error);
    }
    await Promise.all(ends);
  }

  #isToEnd(handle: string, record: SessionRecord): boolean {
    return !isEndedMark(record) && !this.#spare.has(rootOf(handle, record));
  }

  async #endOne(handle: string, record: SessionRecord): Promise<void> {
    try {
      const isEnded = await end(this.#env, handle, {
        owner: this.#owner,
        spare: this.#spare,
        visited: this.#visited,
      });
      if (isEnded) this.ended += 1;
      else if (forwardingIn(record) === undefined && record.owner === this.#owner) this.missed += 1;
    } catch (error) {
      this.failures.push(error);
    }
  }
}

/** Whom to spare. */
interface Spared {
  /** The handles of the session's first id and of the id that its object has. */
  readonly handles: ReadonlySet<string>;
  /** Its record is damaged: nobody ends it as a session of its owner's, and the others end all the same. */
  readonly damage?: unknown;
}

const NOBODY: Spared = { handles: new Set() };

async function sparedBy({ store }: Environment, { handle, root }: Excepted): Promise<Spared> {
  try {
    const record = await store.fetch(handle);
    return { handles: new Set([handle, root ?? rootOf(handle, record)]) };
  } catch (error) {
    if (isDamage(error)) return { handles: new Set([handle, root ?? handle]), damage: error };
    throw error;
  }
}
