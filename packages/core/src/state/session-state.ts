import type { Environment } from "../environment.ts";
import { gone } from "../errors.ts";
import { Fields } from "../format/fields.ts";
import { encode, type Parts } from "../format/record-format.ts";
import type { Snapshot } from "../format/snapshot.ts";
import type { Identity } from "../identity.ts";
import { Draft } from "./draft.ts";
import { type Edits, NO_EDITS } from "./edits.ts";

/** An object that keeps trying while its store is down must not keep each attempt. */
const MOST_ATTEMPTS = 64;

/** What one session object knows: its id, the stored state as last seen, and what is not saved. */
export class SessionState {
  readonly env: Environment;
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

  constructor(env: Environment, identity: Identity, snapshot: Snapshot) {
    this.env = env;
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

  /** The next record: `edits` over the state as last seen. Kept as an attempt until it is settled. */
  attempt(edits: Edits): Snapshot {
    const next = this.compose(edits);
    this.#attempts.set(next.marker.nonce, edits);
    const [oldest = ""] = this.#attempts.keys();
    if (this.#attempts.size > MOST_ATTEMPTS) this.#attempts.delete(oldest);
    return next;
  }

  /** `edits` over the state as last seen, as the next record or as what `parts` make of it. */
  compose(edits: Edits, parts: Partial<Parts> = {}, identity = this.identity): Snapshot {
    const { record, marker, fields } = this.snapshot;
    const merged = {
      revision: record.revision + 1,
      createdAt: record.createdAt,
      owner: edits.owner ? edits.owner.value : record.owner,
      lifetime: marker.lifetime,
      fields: edits === NO_EDITS ? fields : fields.with(edits),
      ...parts,
    };
    const expiresAt = this.env.settings.lifetime.expiryOf(merged.createdAt, merged.lifetime);
    return encode(this.env, identity, { ...merged, expiresAt });
  }

  /** `saved` is stored: what `edits` carried is no longer unsaved. */
  accept(saved: Snapshot, edits: Edits): void {
    this.snapshot = saved;
    this.#attempts.clear();
    this.draft.settle(edits, saved.fields);
  }

  /**
   * Puts the unsaved changes over the newest stored state. True where that is one of this object's
   * own attempts: it has happened. Messages that it removed were shown to nobody and wait again.
   */
  adopt(newest: Snapshot): boolean {
    const { revision, createdAt } = this.snapshot.record;
    // Another session under the same id: nothing of it may mix with this one.
    const landed = this.#attempts.get(newest.marker.nonce);
    const isOther = this.isNew && !landed && newest.record.revision === 1;
    if (isOther || newest.record.createdAt !== createdAt) throw gone();
    if (landed) {
      this.accept(newest, landed);
      // Inside update() they have been handed out.
      if (this.phase !== "updating") this.draft.requeue(landed.taken);
      return true;
    }
    // An attempt that is still to land would have to follow the revision that it was made for.
    if (newest.record.revision > revision) this.#attempts.clear();
    this.snapshot = newest;
    this.draft.values.rebase(newest.fields);
    return false;
  }

  /** The session goes on under the new identity. */
  become(successor: Identity): void {
    this.identity = successor;
    this.successor = undefined;
  }

  /** Ended by this object, which holds nothing from now on. */
  destroyed(): void {
    const { owner: _, ...record } = this.snapshot.record;
    this.snapshot = { ...this.snapshot, record, fields: Fields.none };
    this.draft = new Draft(this.env.settings.encoding, Fields.none);
    this.phase = "destroyed";
  }

  extended(expiresAt: number): void {
    this.snapshot = {
      ...this.snapshot,
      record: { ...this.snapshot.record, expiresAt },
    };
  }
}
