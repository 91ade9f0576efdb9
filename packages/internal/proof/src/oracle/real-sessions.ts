import type { Session, SessionManager, SessionSummary } from "@sess/core";
import { textOf } from "./answers.ts";
import type { Edit, Sessions } from "./subject.ts";

/** A real manager, with the calls that it shares with the oracle. */
export function realSessions(manager: SessionManager): Sessions<Session> {
  return {
    create: (lifetime) => manager.create(lifetime),
    load: (id) => manager.load(id),
    open: (id) => manager.open(id),
    destroy: (id) => manager.destroy(id),
    revoke: (handle, options) => manager.revoke(handle, options),
    revokeAll: (owner, options) => manager.revokeAll(owner, options),
    sweep: () => manager.sweep(),
    async list(owner) {
      // One that is saved during the listing may come twice: what came last counts.
      const found = new Map<string, SessionSummary>();
      const listed = owner === undefined ? manager.list() : manager.list(owner);
      for await (const summary of listed) found.set(summary.handle, summary);
      return [...found.values()];
    },
    lookup: (id) => manager.lookup(id),
    async update(id, edits) {
      let answers: readonly string[] = [];
      const session = await manager.update(id, async (fresh) => {
        answers = await answersOf(fresh, edits);
      });
      return session && { session, answers };
    },
    async updateObject(object, edits) {
      let answers: readonly string[] = [];
      await object.update(async (inner) => {
        answers = await answersOf(inner, edits);
      });
      return answers;
    },
  };
}

async function answersOf(session: Session, edits: readonly Edit[]): Promise<readonly string[]> {
  const answers: string[] = [];
  for (const edit of edits) answers.push(textOf(await edit(session)));
  return answers;
}
