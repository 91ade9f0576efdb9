import type { Snapshot } from "../format/snapshot.ts";
import type { Identity } from "../policy/identity.ts";
import type { UnsavedEdits } from "./unsaved-edits.ts";

/** A regenerate that is under way, or whose outcome is unknown. */
export interface Move {
  readonly identity: Identity;
  /**
   * What is stored under the new id, once the old record may forward to it. Before that, the session is
   * still the one under its old id.
   */
  readonly moved: MovedState | undefined;
}

/** What a save under the new id stores, and what this object has saved by it. */
export interface MovedState {
  readonly saved: Snapshot;
  readonly edits: UnsavedEdits;
}
