import type { Environment } from "../environment.ts";
import { gone } from "../errors.ts";
import { Fields } from "../format/fields.ts";
import { encode } from "../format/record-format.ts";
import type { Snapshot } from "../format/snapshot.ts";
import type { Identity } from "../identity.ts";
import type { OwnLifetime } from "../lifetime.ts";
import { Draft } from "./draft.ts";
import type { Edits } from "./edits.ts";

/** An object that keeps trying while its store is down must not keep each attempt. */
const MOST_ATTEMPTS = 64;

/** What a save may change besides what the session holds. */
export interface Terms {
  readonly revision: number;
  readonly createdAt: number;
  readonly lifetime: OwnLifetime;
}

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
  #doubts: Map<string, Edits> | undefined;

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
    return this.#doubts !== undefined;
  }

  get owner(): string | undefined {
    return (this.draft.owner ?? { value: this.snapshot.record.owner }).value;
  }

  /** `edits` over the state as last seen, as the next record or as what `parts` make of it. */
  compose(edits: Edits, terms: Partial<Terms> = {}, identity = this.identity): Snapshot {
    const { record, marker, fields } = this.snapshot;
    const {
      revision = record.revision + 1,
      createdAt = record.createdAt,
      lifetime = marker.lifetime,
    } = terms;
    const expiresAt = this.env.settings.lifetime.expiryOf(createdAt, lifetime);
    const owner = edits.owner ? edits.owner.value : record.owner;
    const frame = { revision, createdAt, expiresAt, owner };
    return encode(this.env, identity, frame, lifetime, fields.with(edits));
  }

  /** A save that did not resolve to true: kept until it is known what came of it. */
  doubt(attempt: Snapshot, edits: Edits): void {
    this.#doubts ??= new Map();
    this.#doubts.set(attempt.marker.nonce, edits);
    const [oldest = ""] = this.#doubts.keys();
    if (this.#doubts.size > MOST_ATTEMPTS) this.#doubts.delete(oldest);
  }

  /** `saved` is stored: what `edits` carried is no longer unsaved. */
  accept(saved: Snapshot, edits: Edits): void {
    this.snapshot = saved;
    this.#doubts = undefined;
    this.draft.accept(edits, saved.fields);
  }

  /**
   * Puts the unsaved changes over the newest stored state. True where that is one of this object's
   * own attempts: it has happened. Messages that it removed were shown to nobody and wait again.
   */
  adopt(newest: Snapshot): boolean {
    const { revision, createdAt } = this.snapshot.record;
    // Another session under the same id: nothing of it may mix with this one.
    const landed = this.#doubts?.get(newest.marker.nonce);
    const isOther = this.isNew && !landed && newest.record.revision === 1;
    if (isOther || newest.record.createdAt !== createdAt) throw gone();
    if (landed) {
      this.accept(newest, landed);
      // Inside update() they have been handed out.
      if (this.phase !== "updating")
        this.draft.messages = [...landed.taken, ...this.draft.messages];
      return true;
    }
    // An attempt that is still to land would have to follow the revision that it was made for.
    if (newest.record.revision > revision) this.#doubts = undefined;
    this.snapshot = newest;
    this.draft.values.rebase(newest.fields);
    return false;
  }

  /** Ended by this object, which holds nothing from now on. */
  destroyed(): void {
    this.draft = new Draft(this.env.settings.encoding, Fields.none);
    this.draft.owner = { value: undefined };
    this.phase = "destroyed";
  }
}
