import type { Edits, Message } from "../format/edits.ts";

/**
 * What one save of a session object changes. A session object numbers its changes, so that what is
 * changed while a save is under way is not taken for saved.
 */
export interface UnsavedEdits extends Edits {
  /** The number of the last change that is part of these edits; 0 if none is. */
  readonly lastChange: number;
  /** The stored messages that this save removes. */
  readonly takenMessages: readonly Message[];
}

/** Changes nothing. */
export const NO_EDITS: UnsavedEdits = {
  clearsValues: false,
  values: [],
  addedMessages: [],
  removedKinds: [],
  lastChange: 0,
  takenMessages: [],
};

export function kindsOf(messages: readonly Message[]): readonly string[] {
  if (messages.length === 0) return NO_EDITS.removedKinds;
  return [...new Set(messages.map(({ kind }) => kind))];
}
