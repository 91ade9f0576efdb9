import { isDamage, sessionConflict, writeSuppressed } from "../contract/errors.ts";
import type { SessionRecord } from "../contract/store.ts";
import type { Environment } from "../environment/environment.ts";
import { type FirstSave, isOfSameSession } from "../environment/first-saves-in-doubt.ts";
import { isSameRecord } from "../format/snapshot.ts";
import { ENDED_MARK, forwardingIn, isEndedMark, rootOf } from "../format/stand-ins.ts";
import { RetryPolicy } from "./retry-policy.ts";

/** Whom a call to `end` concerns. */
export interface EndOptions {
  /** Ends the session only if it is this owner's. */
  readonly owner?: string | undefined;
  /** Spares a session with one of these as its root, the handle of its first id. */
  readonly spare?: ReadonlySet<string>;
  /** Ends only what this manager's first save under `handle`, which is in doubt, has stored. */
  readonly isInDoubt?: boolean;
  /**
   * Handles that others of the same call see to, and that this one leaves to them: many forwarding
   * records that lead to one session then cost one way to it.
   */
  readonly visited?: Set<string>;
}

/**
 * Ends the session that `handle` leads to and resolves to whether a live one was ended. A session that
 * has got a new id left a forwarding record, which is followed.
 *
 * @throws SESSION_CONFLICT if the session keeps being saved or getting new ids; STORE_UNAVAILABLE if the
 * store suppresses the deletion; the store's error.
 */
export function end(env: Environment, handle: string, options: EndOptions = {}): Promise<boolean> {
  const { visited = new Set() } = options;
  return env.tracer.trace("delete", { handle }, async (event) => {
    const retries = new RetryPolicy(() =>
      sessionConflict("The session keeps being saved or getting new ids: it may still live."),
    );
    let found: Ended = { isEnded: false, movedTo: handle };
    let concerned = options;
    while (found.movedTo !== undefined && !visited.has(found.movedTo)) {
      retries.assertTimeLeft();
      visited.add(found.movedTo);
      found = await endAt(env, found.movedTo, concerned, retries);
      concerned = { ...options, isInDoubt: false };
    }
    event.outcome = found.isEnded ? "hit" : "miss";
    return found.isEnded;
  });
}

/** What came of ending what is under one handle. */
interface Ended {
  readonly isEnded: boolean;
  /** The handle that the session has moved to. */
  readonly movedTo?: string | undefined;
}

const NOT_ENDED: Ended = { isEnded: false };

/** A second refusal over the same record, or over none, is no race. */
const MOST_BASELESS_REFUSALS = 2;

/** Ends only the revision that it has looked at: a session cannot move on between the look and the end. */
async function endAt(
  env: Environment,
  handle: string,
  options: EndOptions,
  retries: RetryPolicy,
): Promise<Ended> {
  let refused: SessionRecord | undefined;
  for (let looks = 1; ; looks += 1) {
    const record = await findRecord(env, handle, options);
    if (record === undefined) {
      const firstSave = firstSaveThatMayArrive(env, handle, options);
      const isRefused = looks > MOST_BASELESS_REFUSALS;
      if (firstSave === undefined || isRefused) return endExpired(env, handle, options);
      if (await saveMark(env, handle, firstSave, 1)) return NOT_ENDED;
    } else {
      const movedTo = forwardingIn(record)?.to;
      if (movedTo !== undefined) return { isEnded: false, movedTo };
      // A refused mark may have been left: its client may have sent it twice.
      if (isEndedMark(record)) return { isEnded: refused !== undefined };
      if (isSpared(env, handle, record, options)) return NOT_ENDED;
      if (await endRecord(env, handle, record)) return { isEnded: true };
      if (refused !== undefined && isSameRecord(refused, record)) throw writeSuppressed();
      refused = record;
    }
    await retries.nextAttempt();
  }
}

function findRecord(
  { store }: Environment,
  handle: string,
  { owner }: EndOptions,
): Promise<SessionRecord | undefined> {
  return store.fetch(handle).catch((error: unknown) => {
    // A damaged record is ended like any other, unless it would have to say whose it is.
    if (owner !== undefined || !isDamage(error)) throw error;
    return undefined;
  });
}

function isSpared(
  { firstSaves }: Environment,
  handle: string,
  record: SessionRecord,
  { owner, spare, isInDoubt = false }: EndOptions,
): boolean {
  if (owner !== undefined && record.owner !== owner) return true;
  if (spare?.has(rootOf(handle, record))) return true;
  const firstSave = firstSaves.find(handle);
  return isInDoubt && (firstSave === undefined || !isOfSameSession(record, firstSave));
}

/** Whether it ended this very revision. */
async function endRecord(
  env: Environment,
  handle: string,
  record: SessionRecord,
): Promise<boolean> {
  const firstSave = env.firstSaves.find(handle);
  if (firstSave !== undefined && isOfSameSession(record, firstSave)) {
    if (await saveMark(env, handle, firstSave, record.revision + 1)) return true;
  }
  return env.store.delete(handle, record.revision);
}

/** An expired record goes too: it would live again if the clock were set back. */
async function endExpired(
  { store }: Environment,
  handle: string,
  { owner }: EndOptions,
): Promise<Ended> {
  return { isEnded: owner === undefined && (await store.delete(handle)) };
}

function firstSaveThatMayArrive(
  { firstSaves }: Environment,
  handle: string,
  { owner }: EndOptions,
): FirstSave | undefined {
  const firstSave = firstSaves.find(handle);
  return owner === undefined || owner === firstSave?.owner ? firstSave : undefined;
}

/**
 * Has an ended mark stand where a session was whose first save is in doubt: one that is still on its way,
 * or sent again, would find nothing there, and the session would live. The mark lives as long as that
 * save could.
 */
function saveMark(
  { store }: Environment,
  handle: string,
  { createdAt, expiresAt }: FirstSave,
  revision: number,
): Promise<boolean> {
  const mark = { revision, createdAt, expiresAt, data: ENDED_MARK };
  return store.save(handle, mark, { durable: true });
}
