import { expect } from "@jest/globals";
import { type Session, SessionError, SessionManager } from "@sess/core";
import { type FaultEffect, FaultyStore } from "@sess/core/conformance";
import { collect, ReferenceStore } from "@sess/test-support";

export const ACTIONS = [
  "set",
  "flash",
  "save",
  "takeFlash",
  "update",
  "updateThatTakes",
  "reload",
  "regenerate",
  "destroy",
  "destroyById",
  "revoke",
  "heal",
] as const;

export type Action = (typeof ACTIONS)[number];

export interface Step {
  /** Which of the two objects acts. */
  readonly who: 0 | 1;
  readonly action: Action;
  /** Hits one of the next store calls. */
  readonly fault?: { readonly effect: FaultEffect; readonly call: number } | undefined;
}

/** One of the two objects, and what is known of it from outside. */
class Side {
  session: Session | undefined;
  /** The last id that it was seen to have. */
  id: string | undefined;
  /** The ids that the session had been given when this object was loaded, or got its last one. */
  moves = 0;
  /** Its last regenerate() has failed, so the session may have moved to an id that only it knows. */
  isMoving = false;
  /** A first save was sent under its id, and no answer came. */
  hasSentFirstSave = false;
  /** Flashed and not known to be saved. */
  readonly queued = new Set<string>();
  /** Messages that a call of unknown outcome may have saved or removed. */
  readonly inDoubt = new Set<string>();
}

/**
 * Two objects of one session over a store that fails, and what must be true of them: kept in plain maps,
 * from outside, by what the calls have resolved to alone.
 */
export class AttemptModel {
  readonly #store = new ReferenceStore();
  readonly #faults = new FaultyStore(this.#store);
  readonly #sessions = new SessionManager({ store: this.#faults, sweepInterval: 0 });
  /** Past all faults. */
  readonly #observer = new SessionManager({ store: this.#store, sweepInterval: 0 });
  readonly #sides = [new Side(), new Side()] as const;
  readonly #ids = new Set<string>();
  #end: "no" | "maybe" | "yes" = "no";
  #moves = 0;
  #count = 0;
  /** By key: the newest value that was set, and the newest that a call has acknowledged. */
  readonly #written = new Map<string, number>();
  readonly #acknowledged = new Map<string, number>();
  readonly #messages = new Set<string>();
  readonly #shown = new Map<string, number>();
  /** Others saved while their fate was unknown: nobody can tell, so they may be shown twice. */
  readonly #mayRepeat = new Set<string>();
  /** A call of unknown outcome took them, and its caller then lost the session. */
  readonly #mayBeLost = new Set<string>();

  constructor() {
    const [first] = this.#sides;
    first.session = this.#sessions.create();
    first.id = first.session.id;
    this.#ids.add(first.id);
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const { who, action, fault } of steps) {
      if (fault !== undefined) this.#faults.inject(fault);
      if (action === "heal") await this.#faults.heal();
      else await this.#act(who, action);
    }
    await this.#faults.heal();
    for (const who of [0, 1, 0, 1] as const) await this.#act(who, "save");
    await this.#expectTruth();
  }

  async #act(who: 0 | 1, action: Action): Promise<void> {
    const side = this.#sides[who];
    const other = this.#sides[1 - who];
    if (side.session === undefined) await this.#join(side, other);
    const { session } = side;
    if (session === undefined || other === undefined || session.isDestroyed) return;
    const key = `key ${who}${this.#count % 2}`;
    this.#count += 1;
    const value = this.#count;
    const message = `message ${value}`;
    if (action === "set") {
      session.set(key, value);
      this.#written.set(key, value);
      return;
    }
    if (action === "flash") {
      session.flash("notice", message);
      this.#messages.add(message);
      side.queued.add(message);
      return;
    }
    // Ending by id does nothing if no save of the session was ever sent.
    if (isEndById(action) && session.isNew && !side.hasSentFirstSave) return;
    // It asks the store for nothing, so it says nothing.
    if (action === "save" && !session.needsSave) return;
    const savesNothing = action === "save" && !session.hasUnsavedChanges;
    for (const each of other.inDoubt) this.#mayRepeat.add(each);
    const taken: string[] = [];
    try {
      if (action === "takeFlash") taken.push(...(await session.takeFlash("notice")));
      else if (action === "update" || action === "updateThatTakes") {
        this.#written.set(key, value);
        this.#messages.add(message);
        await session.update(async (inner) => {
          taken.length = 0;
          if (action === "updateThatTakes") taken.push(...(await inner.takeFlash("notice")));
          inner.set(key, value);
          inner.flash("notice", message);
        });
        side.queued.add(message);
      } else await this.#call(session, action);
      this.#noteId(side, session);
    } catch (error) {
      this.#noteId(side, session);
      this.#rejected(side, other, action, error);
      return;
    }
    // It only cleaned up after a regenerate(), and need not have looked whether the session still lives.
    if (savesNothing) return;
    await this.#resolved(side, who, action, taken);
  }

  /** A session gets another id when it is regenerated, or when an earlier regenerate turns out to have happened. */
  #noteId(side: Side, session: Session): void {
    if (session.id === side.id) return;
    side.id = session.id;
    this.#ids.add(session.id);
    this.#moves += 1;
    side.moves = this.#moves;
    side.isMoving = false;
    side.hasSentFirstSave = false;
  }

  #call(session: Session, action: Action): Promise<unknown> {
    if (action === "save") return session.save();
    if (action === "reload") return session.reload();
    if (action === "regenerate") return session.regenerate();
    if (action === "destroyById") return this.#sessions.destroy(session.id);
    if (action === "revoke") return this.#sessions.revoke(session.handle);
    return session.destroy();
  }

  async #resolved(side: Side, who: number, action: Action, taken: string[]): Promise<void> {
    const { session } = side;
    if (session === undefined) return;
    for (const message of taken) {
      expect(this.#messages).toContain(message);
      this.#shown.set(message, (this.#shown.get(message) ?? 0) + 1);
      side.queued.delete(message);
    }
    if (isEnd(action)) {
      this.#end = "yes";
      return;
    }
    if (action === "reload") return;
    side.inDoubt.clear();
    if (action === "takeFlash" || session.isNew) return;
    for (const message of side.queued) this.#acknowledgedMessages.add(message);
    side.queued.clear();
    const stored = await this.#observer.load(session.id);
    for (const [key, value] of this.#written) {
      if (!key.startsWith(`key ${who}`) || session.get(key) === undefined) continue;
      expect([action, key, stored?.get(key)]).toEqual([action, key, session.get(key)]);
      expect(value).toBeGreaterThanOrEqual(session.get(key));
      this.#acknowledged.set(key, session.get(key));
    }
  }

  readonly #acknowledgedMessages = new Set<string>();

  #rejected(side: Side, other: Side, action: Action, error: unknown): void {
    const code = error instanceof SessionError ? error.code : String(error);
    if (code === "SESSION_DESTROYED") {
      const mayHaveMoved = side.moves !== this.#moves || other.isMoving;
      expect({ action, mayHaveEnded: this.#end !== "no" || mayHaveMoved }).toEqual({
        action,
        mayHaveEnded: true,
      });
      for (const message of side.inDoubt) {
        this.#mayRepeat.add(message);
        this.#mayBeLost.add(message);
      }
      side.session = undefined;
      side.isMoving = false;
      side.inDoubt.clear();
      side.queued.clear();
      return;
    }
    expect({ action, code }).toEqual({ action, code: "STORE_UNAVAILABLE" });
    if (side.session?.isNew) side.hasSentFirstSave = true;
    if (isEnd(action)) this.#end = this.#end === "yes" ? "yes" : "maybe";
    if (action === "regenerate") side.isMoving = true;
    const doubtful = action.includes("ake") ? this.#messages : side.queued;
    for (const message of doubtful) {
      side.inDoubt.add(message);
      // It was out of date: the message had been taken when this object tried to.
      if (this.#shown.has(message)) this.#mayRepeat.add(message);
    }
  }

  /** Another request loads the session by the id that the other object has. */
  async #join(side: Side, other: Side | undefined): Promise<void> {
    const id = other?.session?.id;
    if (id === undefined || (await this.#observer.load(id)) === undefined) return;
    side.session = await this.#sessions.load(id).catch(() => undefined);
    side.id = id;
    side.moves = other?.moves ?? 0;
  }

  async #expectTruth(): Promise<void> {
    for (const [message, times] of this.#shown) {
      if (!this.#mayRepeat.has(message)) expect([message, times]).toEqual([message, 1]);
    }
    if (this.#end !== "no") {
      if (this.#end === "yes") await this.#expectEnded();
      return;
    }
    const live = this.#sides.find(({ moves, session }) => session && moves === this.#moves);
    if (live?.session === undefined) throw new Error("The session is lost.");
    if (live.session.isNew) return;
    const reader = await this.#observer.load(live.session.id);
    if (reader === undefined) throw new Error("The session cannot be loaded.");
    for (const [key, value] of this.#acknowledged) {
      expect([key, reader.get(key)]).toEqual([key, expect.any(Number)]);
      expect(reader.get(key)).toBeGreaterThanOrEqual(value);
      expect(reader.get(key)).toBeLessThanOrEqual(this.#written.get(key) ?? 0);
    }
    const left: string[] = await reader.takeFlash("notice");
    for (const message of this.#messages) {
      const times =
        (this.#shown.get(message) ?? 0) + left.filter((each) => each === message).length;
      const isAcknowledged = this.#acknowledgedMessages.has(message);
      if (isAcknowledged && !this.#mayBeLost.has(message))
        expect([message, times]).not.toEqual([message, 0]);
      if (!this.#mayRepeat.has(message))
        expect([message, Math.min(times, 1)]).toEqual([message, times]);
    }
  }

  async #expectEnded(): Promise<void> {
    for (const id of this.#ids) expect(await this.#observer.load(id)).toBeUndefined();
    for (const { session } of this.#sides) {
      if (session === undefined || session.isDestroyed) continue;
      session.set("late", true);
      await expect(session.save()).rejects.toMatchObject({ code: "SESSION_DESTROYED" });
      expect(await this.#observer.load(session.id)).toBeUndefined();
    }
    for (const { get } of await collect(this.#observer.list())) {
      expect(get("late")).toBeUndefined();
    }
  }
}

function isEnd(action: Action): boolean {
  return action === "destroy" || isEndById(action);
}

function isEndById(action: Action): boolean {
  return action === "destroyById" || action === "revoke";
}
