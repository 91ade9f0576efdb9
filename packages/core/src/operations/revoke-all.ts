import { isDamage, sessionConflict } from "../contract/errors.ts";
import type { SessionRecord } from "../contract/store.ts";
import type { Environment } from "../environment/environment.ts";
import { forwardingIn, isEndedMark, rootOf } from "../format/stand-ins.ts";
import { end } from "./end.ts";
import { RetryPolicy } from "./retry-policy.ts";

/** How many sessions are ended at once: a store with group commit writes them together. */
const AT_ONCE = 64;

/**
 * Ends all sessions of `owner` except the one that the handle `except` leads to, and resolves to how
 * many. Repeats until a pass finds none, so that a session that changes its id meanwhile is ended too.
 * Ends all it can before it throws; but if it cannot learn which session to spare, it ends none.
 */
export async function revokeAll(env: Environment, owner: string, except?: string): Promise<number> {
  const spared: Spared = except === undefined ? {} : await sparedBy(env, except);
  const retries = new RetryPolicy(() =>
    sessionConflict("Sessions of this owner keep being started: some may still live."),
  );
  let total = 0;
  for (;;) {
    const pass = new Pass(env, owner, spared.root);
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
  readonly #spare: string | undefined;
  /** Handles that this pass has seen to. */
  readonly #visited = new Set<string>();

  constructor(env: Environment, owner: string, spare: string | undefined) {
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
    return !isEndedMark(record) && rootOf(handle, record) !== this.#spare;
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

/** The session that is to be spared. */
interface Spared {
  /** The handle of its first id. */
  readonly root?: string;
  /** Its record is damaged: nobody ends it as a session of its owner's, and the others end all the same. */
  readonly damage?: unknown;
}

async function sparedBy({ store }: Environment, handle: string): Promise<Spared> {
  try {
    return { root: rootOf(handle, await store.fetch(handle)) };
  } catch (error) {
    if (isDamage(error)) return { root: handle, damage: error };
    throw error;
  }
}
