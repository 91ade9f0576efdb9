import type { SessionRecord } from "../contract/store.ts";
import type { Environment } from "../environment/environment.ts";
import type { GuardedStore } from "../environment/guarded-store.ts";
import { forwardedTo } from "../format/forwarding-record.ts";
import { end } from "./end.ts";
import { RetryPolicy } from "./retry-policy.ts";

/** How many sessions are ended at once: a store with group commit writes them together. */
const AT_ONCE = 64;

/**
 * Ends all sessions of `owner` except the one that the handle `except` leads to, and resolves to how
 * many. Repeats until a pass finds none, so that a session that changes its id meanwhile is ended too.
 * Ends all it can before it throws.
 */
export async function revokeAll(env: Environment, owner: string, except?: string): Promise<number> {
  const retries = new RetryPolicy();
  let total = 0;
  for (;;) {
    const pass = new Pass(env, owner);
    await pass.run(except);
    total += pass.ended;
    if (pass.ended > 0) continue;
    if (pass.missed === 0) {
      if (pass.failures.length > 0) throw pass.failures[0];
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
  /** Handles that lead to the session that is to be spared. */
  #spared: ReadonlySet<string> = new Set();
  /** Handles that this pass has seen to. */
  #visited = new Set<string>();

  constructor(env: Environment, owner: string) {
    this.#env = env;
    this.#owner = owner;
  }

  async run(except: string | undefined): Promise<void> {
    try {
      if (except !== undefined) this.#spared = await trailOf(this.#env.store, except);
    } catch (error) {
      this.failures.push(error);
      // What is known of it is spared all the same.
      if (except !== undefined) this.#spared = new Set([except]);
    }
    this.#visited = new Set(this.#spared);
    await this.#endListed();
  }

  async #endListed(): Promise<void> {
    const ends: Promise<void>[] = [];
    try {
      for await (const [handle, record] of this.#env.store.list(this.#owner)) {
        ends.push(this.#endOne(handle, record));
        if (ends.length === AT_ONCE) await Promise.all(ends.splice(0));
      }
    } catch (error) {
      this.failures.push(error);
    }
    await Promise.all(ends);
  }

  async #endOne(handle: string, record: SessionRecord): Promise<void> {
    if (this.#spared.has(handle)) return;
    try {
      const isEnded = await end(this.#env, handle, {
        owner: this.#owner,
        visited: this.#visited,
      });
      if (isEnded) this.ended += 1;
      else if (forwardedTo(record) === undefined && record.owner === this.#owner) this.missed += 1;
    } catch (error) {
      this.failures.push(error);
    }
  }
}

/** `handle`, and every handle that its session has moved to since. */
async function trailOf(store: GuardedStore, handle: string): Promise<Set<string>> {
  const trail = new Set<string>();
  let next: string | undefined = handle;
  while (next !== undefined && !trail.has(next)) {
    trail.add(next);
    next = forwardedTo(await store.fetch(next));
  }
  return trail;
}
