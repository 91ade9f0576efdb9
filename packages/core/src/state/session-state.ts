import { sessionDestroyed } from "../contract/errors.ts";
import type { SessionRecord } from "../contract/store.ts";
import type { Environment } from "../environment/environment.ts";
import { isEmpty, type Message } from "../format/edits.ts";
import type { Snapshot } from "../format/snapshot.ts";
import type { Identity } from "../policy/identity.ts";
import type { Attempt } from "./attempt.ts";
import { FlashMessages, messageText } from "./flash-messages.ts";
import type { Move, MovedState } from "./move.ts";
import { SessionValues } from "./session-values.ts";
import { kindsOf, NO_EDITS, type UnsavedEdits } from "./unsaved-edits.ts";

/** What one session object knows: its id, the stored state as last seen, and what is not saved. */
export class SessionState {
  readonly env: Environment;
  /** Whether `update()` passes this object to its change, and saves what that does by itself. */
  readonly isInTransaction: boolean;
  #identity: Identity;
  #snapshot: Snapshot;
  #isDestroyed = false;
  /** The number of the newest change; see `UnsavedEdits`. */
  #lastChange = 0;
  #values: SessionValues;
  #messages: FlashMessages | undefined;
  /** Undefined unless it was changed and not saved. */
  #newOwner: { readonly name: string | undefined; readonly change: number } | undefined;
  /** At most one: a save whose outcome is unknown is settled before the next is made. */
  #attempt: Attempt | undefined;
  /** A regenerate that is under way, or whose outcome is unknown. */
  #move: Move | undefined;

  constructor(env: Environment, identity: Identity, snapshot: Snapshot, isInTransaction = false) {
    this.env = env;
    this.isInTransaction = isInTransaction;
    this.#identity = identity;
    this.#snapshot = snapshot;
    this.#values = new SessionValues(env, snapshot.fields);
  }

  get identity(): Identity {
    return this.#identity;
  }

  /** The stored state as last seen. */
  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** The handle of the session's first id. */
  get root(): string {
    return this.#snapshot.root ?? this.#identity.handle;
  }

  /** Whether it is not in the store yet, as far as this object knows. */
  get isNew(): boolean {
    return this.#snapshot.record.revision === 0;
  }

  get isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  get attempt(): Attempt | undefined {
    return this.#attempt;
  }

  get move(): Move | undefined {
    return this.#move;
  }

  get owner(): string | undefined {
    return this.#newOwner === undefined ? this.#snapshot.record.owner : this.#newOwner.name;
  }

  get(key: string): unknown {
    return this.#values.get(key);
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  keys(): string[] {
    return this.#values.keys();
  }

  /** @throws SESSION_DESTROYED after `destroy()` on this object. */
  assertOpen(): void {
    if (this.#isDestroyed) throw sessionDestroyed();
  }

  set(key: string, value: unknown): void {
    this.assertOpen();
    this.#values.set(key, value, this.#nextChange());
  }

  delete(key: string): boolean {
    this.assertOpen();
    return this.#values.delete(key, this.#nextChange());
  }

  clear(): void {
    this.assertOpen();
    this.#values.clear(this.#nextChange());
  }

  changeOwner(name: string | undefined): void {
    this.assertOpen();
    this.#newOwner = { name, change: this.#nextChange() };
  }

  flash(kind: string, message: unknown): void {
    this.assertOpen();
    const text = messageText(this.env.encoding, kind, message);
    this.#flashMessages().queue({ kind, text }, this.#nextChange());
  }

  /** The messages of a kind that are stored and not taken yet. */
  storedMessages(kind: string): Message[] {
    const isTaken = this.#messages?.taken.some((message) => message.kind === kind) ?? false;
    return isTaken ? [] : this.env.fields.messagesIn(this.#snapshot.fields, kind);
  }

  /** Has the next save remove stored messages. */
  takeStored(messages: readonly Message[]): void {
    if (messages.length > 0) this.#flashMessages().take(messages, this.#nextChange());
  }

  /** Removes the unsaved messages of a kind and returns them. */
  dequeueMessages(kind: string): readonly Message[] {
    return this.#messages?.dequeue(kind) ?? [];
  }

  /** Puts messages back that a save has removed from the store and that were shown to nobody. */
  putBack(messages: readonly Message[]): void {
    if (messages.length > 0) this.#flashMessages().putBack(messages, this.#nextChange());
  }

  /** @throws SESSION_CONFLICT if an object has been changed that newer stored values have replaced. */
  assertNoStaleChange(): void {
    this.#values.assertNoStaleChange();
  }

  /** All that is not saved, encoded as it is now. Throws VALUE_NOT_SERIALIZABLE. */
  unsavedEdits(): UnsavedEdits {
    const taken = this.#messages?.taken ?? NO_EDITS.takenMessages;
    return {
      clearsValues: this.#values.isCleared,
      values: this.#values.edits(),
      addedMessages: this.#messages?.queued ?? NO_EDITS.addedMessages,
      removedKinds: kindsOf(taken),
      owner: this.#newOwner,
      lastChange: this.#lastChange,
      takenMessages: taken,
    };
  }

  /** Whether there is anything that is not known to be saved. */
  get hasUnsavedChanges(): boolean {
    if (this.#attempt !== undefined || this.#values.hasStaleChange) return true;
    try {
      return !isEmpty(this.unsavedEdits());
    } catch {
      // It was serializable when it was set or read, so it has been changed since.
      return true;
    }
  }

  /** `attempt` is about to be sent: until it is settled, its outcome is unknown. */
  begin(attempt: Attempt): void {
    this.#attempt = attempt;
  }

  /** The attempt is in the store, as `saved`. */
  confirm(saved: Snapshot, { edits }: Pick<Attempt, "edits">): void {
    this.#snapshot = saved;
    this.#attempt = undefined;
    this.#values.confirm(saved.fields, edits);
    this.#messages?.confirm(edits.lastChange);
    if (this.#newOwner && this.#newOwner.change <= edits.lastChange) this.#newOwner = undefined;
  }

  /** The attempt has not happened and never can. */
  giveUpAttempt(): void {
    this.#attempt = undefined;
  }

  /**
   * Puts what is not saved over the newest stored state.
   *
   * @throws SESSION_DESTROYED if that state is another session's.
   */
  rebase(newest: Snapshot): void {
    if (!this.#isOwn(newest.record)) throw sessionDestroyed();
    this.#snapshot = newest;
    this.#values.rebase(newest.fields);
  }

  /** Has objects that were handed out follow what a transaction has saved. */
  followSnapshot(): void {
    this.#values.rebase(this.#snapshot.fields);
  }

  /** A touch has moved the expiry, in ms since the epoch. */
  extend(expiresAt: number): void {
    this.#snapshot = { ...this.#snapshot, record: { ...this.#snapshot.record, expiresAt } };
  }

  /** The state under `edits` as an object of its own, which `update()` passes to its change. */
  transaction(edits: UnsavedEdits): SessionState {
    const { record, fields } = this.#snapshot;
    const { owner: _old, ...ownerless } = record;
    const snapshot = {
      ...this.#snapshot,
      record: this.owner === undefined ? ownerless : { ...ownerless, owner: this.owner },
      fields: this.env.fields.apply(fields, edits),
    };
    return new SessionState(this.env, this.#identity, snapshot, true);
  }

  /** A session that was never stored gets another id, and starts from `snapshot`. */
  replaceIdentity(identity: Identity, snapshot: Snapshot): void {
    this.#identity = identity;
    this.#snapshot = snapshot;
  }

  /** A new session takes this one's place: it holds what this object has changed, and nothing else. */
  startOver(identity: Identity, snapshot: Snapshot): void {
    this.replaceIdentity(identity, snapshot);
    this.#attempt = undefined;
    this.#values.rebase(snapshot.fields);
  }

  /** What a regenerate has got to. */
  moveTo(move: Move | undefined): void {
    this.#move = move;
  }

  /** The session is stored under its new identity, and its old record leads there. */
  completeMove(identity: Identity, { saved, edits }: MovedState): void {
    this.replaceIdentity(identity, saved);
    this.#move = undefined;
    this.confirm(saved, { edits });
  }

  /** The session has been ended: from now on this object shows nothing and takes no changes. */
  markDestroyed(): void {
    this.clear();
    this.changeOwner(undefined);
    this.#isDestroyed = true;
  }

  /** Nothing of another session under the same id may mix with this one. */
  #isOwn(newest: SessionRecord): boolean {
    const seen = this.#snapshot.record;
    if (newest.createdAt !== seen.createdAt) return false;
    return !this.isNew || newest.revision > 1;
  }

  #nextChange(): number {
    this.#lastChange += 1;
    return this.#lastChange;
  }

  /** Made for the first message: most sessions have none. */
  #flashMessages(): FlashMessages {
    this.#messages ??= new FlashMessages();
    return this.#messages;
  }
}
