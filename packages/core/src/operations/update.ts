import { checkOption, type Rule } from "../adapter/options.ts";
import { sessionConflict } from "../contract/errors.ts";
import type { SessionEvent } from "../contract/events.ts";
import type { UpdateTurn } from "../environment/update-turns.ts";
import { isEmpty } from "../format/edits.ts";
import type { SessionState } from "../state/session-state.ts";
import { send } from "./attempt.ts";
import { extendIfDue } from "./extend.ts";
import { nextRecord } from "./next-record.ts";
import { RetryPolicy } from "./retry-policy.ts";
import { holdsNothing } from "./save.ts";
import { isInDoubt, settleEarlierCalls } from "./settle.ts";

/** What the caller does to the session, which is passed as the state of a transaction. */
export type Change = (transaction: SessionState) => void | Promise<void>;

const A_FUNCTION: Rule = {
  expected: "a function of the session",
  accepts: (value) => typeof value === "function",
};

/** @throws INVALID_OPTION for what cannot be run. */
export function checkChange(change: unknown): void {
  checkOption("update", "change", change, A_FUNCTION);
}

/**
 * Runs `change` on the state as last seen, under what this object has not saved, and saves both together
 * or neither; on newer state, as often as the save is refused.
 */
export async function update(
  state: SessionState,
  turn: UpdateTurn,
  change: Change,
  event: SessionEvent,
): Promise<void> {
  const { env, identity } = state;
  state.assertOpen();
  state.assertNoStaleChange();
  const retries = new RetryPolicy(alwaysOvertaken);
  if (isInDoubt(state)) await settleEarlierCalls(state, retries, event);
  for (;;) {
    const own = state.unsavedEdits();
    const transaction = state.transaction(own);
    await turn.during(() => env.runningChanges.run(identity.handle, () => change(transaction)));
    const theirs = transaction.unsavedEdits();
    if (state.isNew && holdsNothing(state, [own, theirs])) return;
    if (isEmpty(own) && isEmpty(theirs)) return extendIfDue(state, event);
    const attempt = {
      saved: nextRecord(state, [own, theirs]),
      // What `change` has taken counts as shown only if the caller hears of success.
      edits: { ...own, takenMessages: theirs.takenMessages },
      base: state.snapshot.record,
      isInDoubt: false,
    };
    if ((await send(state, attempt, retries, event)) === "saved") {
      state.followSnapshot();
      return;
    }
    await retries.nextAttempt();
  }
}

function alwaysOvertaken(): Error {
  return sessionConflict(
    "The session was saved each time while update() ran its function. If that function saves the session itself, have it change the session that it is passed instead.",
  );
}
