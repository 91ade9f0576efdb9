import type { SessionEvent } from "../contract/diagnostics.ts";
import { messagesIn } from "../format/fields.ts";
import { type Message, NO_EDITS } from "../state/edits.ts";
import type { SessionState } from "../state/session-state.ts";
import { commit, isStored } from "./save.ts";

/**
 * Removes the messages of a kind in the store and returns them, with those that this object has not
 * saved. Only the save that removes them decides who shows them: of parallel readers one gets each.
 * Inside `update()`, where there is no event, the removal is part of the transaction.
 */
export async function takeFlash(
  state: SessionState,
  kind: string,
  event?: SessionEvent,
): Promise<unknown[]> {
  const isOfKind = (message: Message) => message.kind === kind;
  const decode = ({ text }: Message) => state.env.encoding.decode(text);
  let stored: unknown[] = [];
  const plan = () => {
    const taken = state.taken.some(isOfKind) ? [] : messagesIn(state.snapshot.fields, kind);
    // Before they are removed: what cannot be decoded stays where it is.
    stored = taken.map(decode);
    return { ...NO_EDITS, taken };
  };
  if (!event) state.taken = [...state.taken, ...plan().taken];
  else if (await isStored(state)) await commit(state, event, plan, plan());
  const queued = state.messages.filter(isOfKind);
  state.messages = state.messages.filter((message) => !isOfKind(message));
  return [...stored, ...queued.map(decode)];
}
