import type { SessionEvent } from "../contract/events.ts";
import { isEmpty } from "../format/edits.ts";
import type { SessionState } from "../state/session-state.ts";
import { resend, send } from "./attempt.ts";
import { extendIfDue } from "./extend.ts";
import { nextRecord } from "./next-record.ts";
import { RetryPolicy } from "./retry-policy.ts";
import { holdsNothing } from "./save.ts";

/**
 * Runs `change` on the state as last seen, under what this object has not saved, and saves both together
 * or neither; on newer state, as often as the save is refused. `open` makes the session object that
 * `change` gets.
 */
export async function update<Session>(
  state: SessionState,
  open: (state: SessionState) => Session,
  change: (session: Session) => void | Promise<void>,
  event: SessionEvent,
): Promise<void> {
  state.assertOpen();
  state.assertNoStaleChange();
  const { env, identity } = state;
  const retries = new RetryPolicy();
  if (state.attempt !== undefined) await resend(state, retries, event);
  for (;;) {
    const own = state.unsavedEdits();
    const { snapshot } = state;
    const transaction = state.transaction(own);
    await env.runningChanges.run(identity.handle, () => change(open(transaction)));
    state.assertOpen();
    if (state.snapshot !== snapshot) {
      // `change` took so long that other calls were let in: what it has read is out of date.
      await retries.nextAttempt();
      continue;
    }
    const theirs = transaction.unsavedEdits();
    if (state.isNew && holdsNothing(state, [own, theirs])) return;
    if (isEmpty(own) && isEmpty(theirs)) return extendIfDue(state, event);
    const attempt = {
      saved: nextRecord(state, [own, theirs]),
      // What `change` has taken counts as shown only if the caller hears of success.
      edits: { ...own, takenMessages: theirs.takenMessages },
      base: snapshot.record,
      isSentAgain: false,
    };
    if ((await send(state, attempt, retries, event)) === "saved") {
      state.followSnapshot();
      return;
    }
    await retries.nextAttempt();
  }
}
