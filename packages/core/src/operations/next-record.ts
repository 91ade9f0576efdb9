import type { Lifetime } from "../contract/lifetime.ts";
import type { Edits } from "../format/edits.ts";
import type { Snapshot } from "../format/snapshot.ts";
import type { Identity } from "../policy/identity.ts";
import type { SessionState } from "../state/session-state.ts";

/** What a save may change besides what the session holds; what is absent stays as it is. */
export interface RecordChanges {
  readonly identity?: Identity;
  /** The next one, unless it is given. */
  readonly revision?: number;
  /** Milliseconds since the epoch. */
  readonly createdAt?: number;
  readonly ownLifetime?: Lifetime;
  readonly root?: string;
}

/**
 * The record that saves `edits`, one after another, over the stored state as last seen.
 *
 * @throws DATA_TOO_LARGE if it is too large; SESSION_DESTROYED past the absolute timeout.
 */
export function nextRecord(
  { env, snapshot, identity: ownIdentity }: SessionState,
  edits: readonly Edits[],
  changes: RecordChanges = {},
): Snapshot {
  const { record } = snapshot;
  const {
    identity = ownIdentity,
    revision = record.revision + 1,
    createdAt = record.createdAt,
    ownLifetime = snapshot.ownLifetime,
    root = snapshot.root,
  } = changes;
  const expiresAt = env.lifetimes.expiryOf(createdAt, ownLifetime);
  let { owner } = record;
  let { fields } = snapshot;
  for (const each of edits) {
    if (each.owner !== undefined) owner = each.owner.name;
    fields = env.fields.apply(fields, each);
  }
  const frame = { revision, createdAt, expiresAt, owner, ownLifetime, root };
  return env.format.encode(identity, frame, fields);
}
