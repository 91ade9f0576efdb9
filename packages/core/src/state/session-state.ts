import type { Environment } from "../environment.ts";
import { SessionError } from "../errors.ts";
import { Fields } from "../format/fields.ts";
import type { Parts } from "../format/record-format.ts";
import type { Snapshot } from "../format/snapshot.ts";
import type { Identity } from "../identity.ts";
import { expiryOf } from "../lifetime.ts";
import { Draft } from "./draft.ts";
import { type Edits, NO_EDITS } from "./edits.ts";

/** What one session object knows: its id, the stored state as last seen, and what is not saved. */
export class SessionState {
  identity: Identity;
  snapshot: Snapshot;
  draft: Draft;
  /** `updating` while `update()` runs its change; `destroyed` after `destroy()` on this object. */
  phase: "open" | "updating" | "destroyed" = "open";
  /** The new identity of a regenerate whose outcome is unknown. */
  successor: Identity | undefined;
  /**
   * Saves that may have happened although they did not resolve to true, by nonce: the store failed,
   * or its client sent them twice. Found in the store, such a save is not applied again.
   */
  readonly #attempts = new Map<string, Edits>();
  readonly #env: Environment;

  constructor(env: Environment, identity: Identity, snapshot: Snapshot) {
    this.#env = env;
    this.identity = identity;
    this.snapshot = snapshot;
    this.draft = new Draft(env.settings.encoding, snapshot.fields);
  }

  /** Not in the store yet, as far as this object knows. */
  get isNew(): boolean {
    return this.snapshot.record.revision === 0;
  }

  /** Whether a save's outcome is unknown. */
  get isUncertain(): boolean {
    return this.#attempts.size > 0;
  }

  get owner(): string | undefined {
    return (this.draft.owner ?? { value: this.snapshot.record.owner }).value;
  }

  get lifetime() {
    return { ...this.#env.settings.lifetime, ...this.snapshot.lifetime };
  }

  /** The next record: `edits` over the state as last seen. Kept as an attempt until it is settled. */
  attempt(edits: Edits): Snapshot {
    const { revision } = this.snapshot.record;
    const next = this.compose(edits, { revision: revision + 1 });
    this.#attempts.set(next.nonce, edits);
    return next;
  }

  /** `edits` over the state as last seen, sealed for `identity`. */
  compose(edits: Edits, parts: Partial<Parts>, identity = this.identity): Snapshot {
    const { record, lifetime, fields } = this.snapshot;
    const merged: Omit<Parts, "expiresAt"> = {
      revision: record.revision,
      createdAt: record.createdAt,
      owner: edits.owner === undefined ? record.owner : edits.owner.value,
      lifetime,
      fields: edits === NO_EDITS ? fields : fields.with(edits),
      ...parts,
    };
    const limits = { ...this.#env.settings.lifetime, ...merged.lifetime };
    const expiresAt = expiryOf(merged.createdAt, limits, Date.now());
    return this.#env.format.encode(identity, { ...merged, expiresAt });
  }

  /** `saved` is stored: what `edits` carried is no longer unsaved. */
  accept(saved: Snapshot, edits: Edits): void {
    this.snapshot = saved;
    this.#attempts.clear();
    this.draft.settle(edits, saved.fields);
  }

  /**
   * Puts the unsaved changes over the newest stored state. Where that is one of this object's own
   * attempts, it has happened: messages that it removed were shown to nobody and wait again.
   */
  adopt(newest: Snapshot): void {
    // Another session under the same id: nothing of it may mix with this one.
    if (newest.record.createdAt !== this.snapshot.record.createdAt) throw gone();
    const landed = this.#attempts.get(newest.nonce);
    if (landed !== undefined) {
      this.accept(newest, landed);
      this.draft.requeue(landed.taken);
      return;
    }
    // An attempt that is still to land would have to follow the revision that it was made for.
    if (newest.record.revision > this.snapshot.record.revision) this.#attempts.clear();
    this.snapshot = newest;
    this.draft.rebase(newest.fields);
  }

  /** The session goes on under the new identity. */
  become(successor: Identity): void {
    this.identity = successor;
    this.successor = undefined;
  }

  /** Ended by this object, which holds nothing from now on. */
  destroyed(): void {
    const { revision, createdAt, expiresAt } = this.snapshot.record;
    const record = { revision, createdAt, expiresAt, data: "" };
    this.snapshot = { ...this.snapshot, record, fields: Fields.none };
    this.draft = new Draft(this.#env.settings.encoding, Fields.none);
    this.phase = "destroyed";
  }

  extended(expiresAt: number): void {
    this.snapshot = {
      ...this.snapshot,
      record: { ...this.snapshot.record, expiresAt },
    };
  }
}

/** What a save meets when the session was ended, expired or got a new id, here or elsewhere. */
export function gone(): SessionError {
  return new SessionError(
    "SESSION_DESTROYED",
    "The session has ended: destroyed, expired, or given a new id. It cannot be saved again; what this object holds can be put into a new session.",
  );
}
