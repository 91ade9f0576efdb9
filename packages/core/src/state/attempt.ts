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
  /** Whether an earlier call has sent it, and no answer came: it may be stored, or still arrive. */
  readonly isInDoubt: boolean;
}
