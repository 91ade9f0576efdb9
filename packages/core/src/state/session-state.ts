import { sessionDestroyed } from "../contract/errors.ts";
import type { Environment } from "../environment/environment.ts";
import type { Message } from "../format/edits.ts";
import type { Snapshot } from "../format/snapshot.ts";
import type { Identity } from "../policy/identity.ts";
import { FlashMessages } from "./flash-messages.ts";
import { SessionValues } from "./session-values.ts";
import { UnconfirmedSaves } from "./unconfirmed-saves.ts";
import { NO_EDITS, type UnsavedEdits } from "./unsaved-edits.ts";

/** What the newest stored state told: that an own save has happened, or that another's has. */
export type Reconciled = "confirmed" | "rebased";

/** What one session object knows: its id, the stored state as last seen, and what is not saved. */
export class SessionState {
  readonly env: Environment;
  #identity: Identity;
  #snapshot: Snapshot;
  #phase: "open" | "transaction" | "destroyed" = "open";
  /** The number of the newest change; see `UnsavedEdits`. */
  #lastChange = 0;
  readonly #values: SessionValues;
  #messages: FlashMessages | undefined;
  /** Undefined unless it was changed and not saved. */
  #newOwner: { readonly name: string | undefined; readonly change: number } | undefined;
  #unconfirmed: UnconfirmedSaves | undefined;
  /** The new identity of a regenerate that is under way, or whose outcome is unknown. */
  #nextIdentity: Identity | undefined;

  constructor(env: Environment, identity: Identity, snapshot: Snapshot) {
    this.env = env;
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

  /** Whether it is not in the store yet, as far as this object knows. */
  get isNew(): boolean {
    return this.#snapshot.record.revision === 0;
  }

  get isDestroyed(): boolean {
    return this.#phase === "destroyed";
  }

  /** Whether `update()` is running its change on this object. */
  get isInTransaction(): boolean {
    return this.#phase === "transaction";
  }

  get hasUnconfirmedSaves(): boolean {
    return this.#unconfirmed !== undefined && !this.#unconfirmed.isEmpty;
  }

  get nextIdentity(): Identity | undefined {
    return this.#nextIdentity;
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
    if (this.isDestroyed) throw sessionDestroyed();
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
    const text = this.env.encoding.encode(kind, message);
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

  /**
   * All that is not saved, encoded as it is now.
   *
   * @throws VALUE_NOT_SERIALIZABLE for an object that has been changed to something unserializable.
   */
  unsavedEdits(): UnsavedEdits {
    const taken = this.#messages?.taken ?? NO_EDITS.takenMessages;
    return {
      clearsValues: this.#values.isCleared,
      values: this.#values.edits(),
      addedMessages: this.#messages?.queued ?? NO_EDITS.addedMessages,
      removedKinds: taken.length === 0 ? NO_EDITS.removedKinds : kindsOf(taken),
      owner: this.#newOwner,
      lastChange: this.#lastChange,
      takenMessages: taken,
    };
  }

  /** `edits` are saved, and `saved` is the stored state now. */
  confirm(saved: Snapshot, edits: UnsavedEdits): void {
    this.#snapshot = saved;
    this.#unconfirmed = undefined;
    this.#values.confirm(saved.fields, edits);
    this.#messages?.confirm(edits.lastChange);
    if (this.#newOwner !== undefined && this.#newOwner.change <= edits.lastChange) {
      this.#newOwner = undefined;
    }
  }

  /** `attempt` was sent to the store, and whether it is saved is unknown. */
  addUnconfirmed(attempt: Snapshot, edits: UnsavedEdits): void {
    this.#unconfirmed ??= new UnconfirmedSaves();
    this.#unconfirmed.add(attempt.nonce, edits);
  }

  /**
   * Puts what is not saved over the newest stored state, and recognises an own save in it.
   *
   * @throws SESSION_DESTROYED if that state is another session's.
   */
  reconcile(newest: Snapshot): Reconciled {
    const saved = this.#unconfirmed?.find(newest.nonce);
    // Nothing of another session under the same id may mix with this one.
    const isOther = this.isNew && saved === undefined && newest.record.revision === 1;
    if (isOther || newest.record.createdAt !== this.#snapshot.record.createdAt) {
      throw sessionDestroyed();
    }
    if (saved === undefined) {
      this.#rebase(newest);
      return "rebased";
    }
    this.confirm(newest, saved);
    // A transaction has handed out what it took; otherwise nobody has seen those messages.
    if (!this.isInTransaction && saved.takenMessages.length > 0) {
      this.#flashMessages().putBack(saved.takenMessages, this.#nextChange());
    }
    return "confirmed";
  }

  /** A touch has moved the expiry, in ms since the epoch. */
  extend(expiresAt: number): void {
    this.#snapshot = { ...this.#snapshot, record: { ...this.#snapshot.record, expiresAt } };
  }

  beginTransaction(): void {
    this.#phase = "transaction";
  }

  endTransaction(): void {
    this.#phase = "open";
  }

  /** A session that was never stored gets another id, and starts from `snapshot`. */
  replaceIdentity(identity: Identity, snapshot: Snapshot): void {
    this.#identity = identity;
    this.#snapshot = snapshot;
  }

  /** A regenerate is about to save the session under this identity. */
  beginMove(identity: Identity): void {
    this.#nextIdentity = identity;
  }

  /** Nothing of the session is under the identity of `beginMove`. */
  giveUpMove(): void {
    this.#nextIdentity = undefined;
  }

  /** The session is stored under its new identity, and its old record leads there. */
  completeMove(identity: Identity, saved: Snapshot, edits: UnsavedEdits): void {
    this.#identity = identity;
    this.#nextIdentity = undefined;
    this.confirm(saved, edits);
  }

  /** The session has been ended: from now on this object shows nothing and takes no changes. */
  markDestroyed(): void {
    this.#values.clear(this.#nextChange());
    this.#newOwner = { name: undefined, change: this.#nextChange() };
    this.#phase = "destroyed";
  }

  #rebase(newest: Snapshot): void {
    // None of our unconfirmed saves can succeed once the record is past the revision they build on.
    if (newest.record.revision > this.#snapshot.record.revision) this.#unconfirmed = undefined;
    this.#snapshot = newest;
    this.#values.rebase(newest.fields);
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

function kindsOf(messages: readonly Message[]): string[] {
  return [...new Set(messages.map(({ kind }) => kind))];
}
