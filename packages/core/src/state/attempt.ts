import type { SessionRecord } from "../contract/store.ts";
import type { Snapshot } from "../format/snapshot.ts";
import type { UnsavedEdits } from "./unsaved-edits.ts";

/** A save that has been sent to the store, or is about to be, and whose outcome is not known yet. */
export interface Attempt {
  /** What it stores. Sent again, only its expiry changes, so it is recognised by its text. */
  readonly saved: Snapshot;
  /** What this object has saved by it. */
  readonly edits: UnsavedEdits;
  /** The record that it was made for; revision 0 if there was none. */
  readonly base: SessionRecord;
  /** Whether it has been sent before, and no answer came. */
  readonly isSentAgain: boolean;
}

/** Whether it is a session's first save, and a copy that was sent before may still arrive. */
export function isFirstAgain({ base, isSentAgain }: Attempt): boolean {
  return isSentAgain && base.revision === 0;
}
