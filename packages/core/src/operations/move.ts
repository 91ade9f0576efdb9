import { writeSuppressed } from "../contract/errors.ts";
import type { SessionEvent } from "../contract/events.ts";
import type { SessionRecord } from "../contract/store.ts";
import { recordOf } from "../format/record-format.ts";
import { isSameRecord } from "../format/snapshot.ts";
import { formatForwarding, forwardingIn } from "../format/stand-ins.ts";
import { type Identity, newIdentity } from "../policy/identity.ts";
import type { MovedState } from "../state/move.ts";
import type { SessionState } from "../state/session-state.ts";
import { end } from "./end.ts";
import { nextRecord, type RecordChanges } from "./next-record.ts";
import { rebase } from "./rebase.ts";
import { RetryPolicy } from "./retry-policy.ts";

const HOUR = 3_600_000;

/** Milliseconds that a forwarding record leads from the old id to the new one. */
const FORWARDING_LIFE = HOUR;

/**
 * Saves the session under a new id, then replaces the old record by one that forwards to it. A crash in
 * between leaves the old session usable, and the new id unknown to anyone. This object takes the new id
 * last.
 */
export async function move(
  state: SessionState,
  changes: Pick<RecordChanges, "createdAt" | "ownLifetime">,
  event: SessionEvent,
): Promise<void> {
  const retries = new RetryPolicy();
  let target = newTarget(state);
  for (;;) {
    const { identity, revision } = target;
    const edits = state.unsavedEdits();
    const saved = nextRecord(state, [edits], {
      ...changes,
      identity,
      revision: revision + 1,
      root: state.root,
    });
    event.attempts = retries.attempts;
    const found = await saveUnderNewId(state, identity, saved.record);
    if (found === undefined || !isSameRecord(found, saved.record)) {
      target = otherTarget(state, target, found, retries);
    } else if ((await forwardOldId(state, identity, { saved, edits }, retries)) === "forwarded") {
      state.completeMove(identity, { saved, edits });
      event.outcome = retries.attempts === 1 ? "saved" : "rebased";
      return;
    } else {
      // Another save came between: what it changed is carried over.
      target = { identity, revision: saved.record.revision };
      event.outcome = "refused";
    }
    await retries.nextAttempt();
  }
}

/**
 * Finds out what came of an earlier move that has rejected. If the old record forwards, it has happened.
 * If not, it never will: the old record is written once more, so that the forwarding record cannot
 * arrive, and nothing stays under the new id.
 *
 * @throws SESSION_DESTROYED if the session has ended; the store's error, and then the move stays in doubt.
 */
export async function settleMove(state: SessionState, retries: RetryPolicy): Promise<void> {
  const { store } = state.env;
  while (state.move?.moved !== undefined) {
    await rebase(state, await store.fetch(state.identity.handle));
    if (state.move === undefined) return;
    const same = nextRecord(state, []);
    if (await store.save(state.identity.handle, same.record)) {
      state.rebase(same);
      break;
    }
    await retries.nextAttempt();
  }
  await giveUpMove(state);
}

/** Nothing of the session stays under an id that it does not get. */
export async function giveUpMove(state: SessionState): Promise<void> {
  const { env, move: given } = state;
  if (given === undefined) return;
  await end(env, given.identity.handle);
  state.moveTo(undefined);
}

/** Where the session is moving to, and the revision of its record there; 0 if there is none. */
interface Target {
  readonly identity: Identity;
  readonly revision: number;
}

function newTarget({ env }: SessionState): Target {
  return { identity: newIdentity(env.random), revision: 0 };
}

/** Saves the session there, and resolves to what is stored there now. */
async function saveUnderNewId(
  state: SessionState,
  identity: Identity,
  record: SessionRecord,
): Promise<SessionRecord | undefined> {
  const { store } = state.env;
  state.moveTo({ identity, moved: undefined });
  if (await store.save(identity.handle, record)) return record;
  // A refused save may have happened: its client may have sent it twice.
  return store.fetch(identity.handle);
}

/**
 * Where to go on after a refusal: under another id, if this one is another session's or was ended.
 *
 * @throws STORE_UNAVAILABLE if it is the second refusal although nothing has come between.
 */
function otherTarget(
  state: SessionState,
  target: Target,
  found: SessionRecord | undefined,
  { attempts }: RetryPolicy,
): Target {
  const isBaseless = (found?.revision ?? 0) === target.revision;
  if (isBaseless && attempts > 1) throw writeSuppressed();
  if (isBaseless) return target;
  state.moveTo(undefined);
  return newTarget(state);
}

/**
 * Has the old record forward to the new identity. "overtaken": the session was saved meanwhile under its
 * old id.
 *
 * @throws SESSION_DESTROYED if it was ended meanwhile.
 */
async function forwardOldId(
  state: SessionState,
  to: Identity,
  moved: MovedState,
  retries: RetryPolicy,
): Promise<"forwarded" | "overtaken"> {
  const { env, identity, root, snapshot } = state;
  const { owner, createdAt, revision } = snapshot.record;
  const movedAt = Date.now();
  const expiresAt = movedAt + FORWARDING_LIFE;
  const frame = { revision: revision + 1, createdAt, expiresAt, owner };
  const forwarding = recordOf(frame, formatForwarding({ to: to.handle, movedAt, root }));
  state.moveTo({ identity: to, moved });
  if (await env.store.save(identity.handle, forwarding, { durable: true })) return "forwarded";
  // A refused save may have happened here, too.
  const old = await env.store.fetch(identity.handle);
  if (forwardingIn(old)?.to === to.handle) return "forwarded";
  const isUnchanged = old !== undefined && isSameRecord(old, snapshot.record);
  if (isUnchanged && retries.attempts > 1) throw writeSuppressed();
  await rebase(state, old);
  state.moveTo({ identity: to, moved: undefined });
  return "overtaken";
}
