import type { SessionRecord } from "../contract/store.ts";
import type { Identity } from "../policy/identity.ts";

/** Where a regenerate is moving a session to. */
export interface Move {
  readonly identity: Identity;
  /** The first save there, as long as its outcome is unknown; undefined once it is stored. */
  readonly firstSave: SessionRecord | undefined;
}
