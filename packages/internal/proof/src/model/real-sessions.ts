import type { Lifetime, Session, SessionManager, SessionSummary } from "@sess/core";
import { textOf } from "./outcome.ts";
import type { Edit, Sessions, Updated } from "./subject.ts";

/** A real manager, called in the way that it shares with the model. */
export class RealSessions implements Sessions<Session> {
  readonly #manager: SessionManager;

  constructor(manager: SessionManager) {
    this.#manager = manager;
  }

  create(lifetime?: Lifetime): Session {
    return this.#manager.create(lifetime);
  }

  load(id: string): Promise<Session | undefined> {
    return this.#manager.load(id);
  }

  open(id: string): Promise<Session> {
    return this.#manager.open(id);
  }

  async update(id: string, edits: readonly Edit[]): Promise<Updated<Session> | undefined> {
    let answers: string[] = [];
    const session = await this.#manager.update(id, async (fresh) => {
      answers = [];
      for (const edit of edits) answers.push(textOf(await edit(fresh)));
    });
    return session && { session, answers };
  }

  destroy(id: string): Promise<void> {
    return this.#manager.destroy(id);
  }

  async list(owner?: string): Promise<SessionSummary[]> {
    const found = new Map<string, SessionSummary>();
    for await (const summary of this.#manager.list(owner)) found.set(summary.handle, summary);
    return [...found.values()];
  }

  revoke(handle: string, options?: { owner?: string }): Promise<boolean> {
    return this.#manager.revoke(handle, options);
  }

  revokeAll(owner: string, options?: { except?: Session }): Promise<number> {
    return this.#manager.revokeAll(owner, options);
  }

  sweep(): Promise<number> {
    return this.#manager.sweep();
  }
}
