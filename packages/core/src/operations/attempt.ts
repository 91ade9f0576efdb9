import { sessionDestroyed } from "../contract/errors.ts";
import { edited } from "../format/fields.ts";
import { encode } from "../format/record-format.ts";
import type { Snapshot } from "../format/snapshot.ts";
import { expiryOf, type Lifetime } from "../lifetime.ts";
import type { Edits } from "../state/edits.ts";
import type { SessionState } from "../state/session-state.ts";

/** An object that keeps trying while its store is down must not keep each attempt. */
const MOST_ATTEMPTS = 64;

/** What a save may change besides what the session holds. */
export interface Terms {
  readonly revision: number;
  readonly createdAt: number;
  readonly lifetime: Lifetime;
}

/** `edits` over the state as last seen, as the next record or as what `terms` make of it. */
export function compose(
  { env, snapshot, identity: own }: SessionState,
  edits: Edits,
  terms: Partial<Terms> = {},
  identity = own,
): Snapshot {
  const { record, fields } = snapshot;
  const {
    revision = record.revision + 1,
    createdAt = record.createdAt,
    lifetime = snapshot.lifetime,
  } = terms;
  const expiresAt = expiryOf(env, createdAt, lifetime);
  const { value: owner } = edits.owner ?? { value: record.owner };
  const frame = { revision, createdAt, expiresAt, owner };
  return encode(env, identity, frame, lifetime, edited(fields, edits));
}

/** A save that did not resolve to true: kept until it is known what came of it. */
export function doubt(state: SessionState, attempt: Snapshot, edits: Edits): void {
  state.doubts ??= new Map();
  state.doubts.set(attempt.nonce, edits);
  const [oldest = ""] = state.doubts.keys();
  if (state.doubts.size > MOST_ATTEMPTS) state.doubts.delete(oldest);
}

/**
 * Puts the unsaved changes over the newest stored state. True where that is one of this object's
 * own attempts: it has happened. Messages that it removed were shown to nobody and wait again.
 */
export function adopt(state: SessionState, newest: Snapshot): boolean {
  const { record } = newest;
  const { revision, createdAt } = state.snapshot.record;
  const landed = state.doubts?.get(newest.nonce);
  // Another session under the same id: nothing of it may mix with this one.
  const isOther = state.isNew && !landed && record.revision === 1;
  if (isOther || record.createdAt !== createdAt) throw sessionDestroyed();
  if (landed) {
    state.accept(newest, landed);
    // Inside update() they have been handed out.
    if (state.phase !== "updating") state.messages = [...landed.taken, ...state.messages];
    return true;
  }
  // An attempt that is still to land would have to follow the revision that it was made for.
  if (record.revision > revision) state.doubts = undefined;
  state.rebase(newest);
  return false;
}
