import type { Operation, Outcome } from "./operation.ts";

/** What a session holds. */
export interface SessionState {
  readonly text: string;
  readonly count: number;
  readonly messages: readonly string[];
  /** When it expires at the earliest. */
  readonly expiresAt: number;
}

/** The sessions of one lane. */
export interface LaneState {
  readonly live: ReadonlyMap<string, SessionState>;
  /** Under an id that nobody knows: what a regenerate leaves that was not acknowledged. */
  readonly orphans: readonly SessionState[];
}

export const NOTHING: LaneState = { live: new Map(), orphans: [] };

/** What a lane holds once `operation` was acknowledged with `outcome`. */
export function after(state: LaneState, operation: Operation, outcome: Outcome): LaneState {
  const { id } = operation;
  const old = operation.kind === "create" ? created(operation.text) : state.live.get(id);
  if (old === undefined) throw new Error("an operation on no session");
  const live = new Map(state.live);
  live.delete(id);
  if (operation.kind !== "destroy" && operation.kind !== "revoke") {
    const expiresAt = Math.max(outcome.expiresAt ?? 0, old.expiresAt);
    live.set(outcome.id ?? id, { ...changed(old, operation), expiresAt });
  }
  return { ...state, live };
}

/** What a lane may hold where `operation` was carried out and the acknowledgement never came. */
export function maybeAfter(state: LaneState, operation: Operation): LaneState[] {
  if (operation.kind !== "regenerate") return [after(state, operation, {})];
  const old = state.live.get(operation.id);
  if (old === undefined) throw new Error("an operation on no session");
  const orphans = [...state.orphans, old];
  const live = new Map(state.live);
  live.delete(operation.id);
  // Saved under the new id, and the old one replaced or not yet.
  return [
    { ...state, orphans },
    { live, orphans },
  ];
}

function created(text: string): SessionState {
  return { text, count: 0, messages: [], expiresAt: 0 };
}

function changed(old: SessionState, operation: Operation): SessionState {
  switch (operation.kind) {
    case "save":
      return { ...old, text: operation.text };
    case "update":
      return { ...old, count: old.count + 1 };
    case "flash":
      return { ...old, messages: [...old.messages, operation.message] };
    case "take":
      return { ...old, messages: [] };
    default:
      return old;
  }
}
