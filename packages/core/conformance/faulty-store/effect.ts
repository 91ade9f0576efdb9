/**
 * What a fault does to a call.
 *
 * - `reject-before`: the call rejects without asking the store.
 * - `reject-after`: the store carries the call out, then the call rejects, like a write whose
 *   acknowledgement is lost.
 * - `reject-early`: the call rejects at once, and the store carries it out when the fault is healed, like
 *   a write whose client stopped waiting.
 * - `hang-before`, `hang-after`: the call waits until the fault is healed, before or after it asks the
 *   store.
 * - `delay-before`, `delay-after`: the call waits for `delay` ms, before or after it asks the store.
 * - `duplicate-first`, `duplicate-second`: the store is asked twice, like by a client that sends again
 *   what it believes lost. The call resolves to the first or the second answer.
 *
 * A listing is hit before its first entry or after its last, unless `entries` says where. If it is
 * duplicated, it yields each entry twice.
 */
export type FaultEffect =
  | "reject-before"
  | "reject-after"
  | "reject-early"
  | "hang-before"
  | "hang-after"
  | "delay-before"
  | "delay-after"
  | "duplicate-first"
  | "duplicate-second";

/** How a `FaultEffect` works. */
export interface Effect {
  readonly action: "reject" | "hang" | "delay" | "duplicate";
  /** Whether the action comes before or after the store carries the call out. */
  readonly moment: "before" | "after";
  /** The store carries the call out only when the fault is healed. */
  readonly late?: true;
  /** The call resolves to the store's second answer. */
  readonly secondAnswer?: true;
}

export const EFFECTS: Readonly<Record<FaultEffect, Effect>> = {
  "reject-before": { action: "reject", moment: "before" },
  "reject-after": { action: "reject", moment: "after" },
  "reject-early": { action: "reject", moment: "before", late: true },
  "hang-before": { action: "hang", moment: "before" },
  "hang-after": { action: "hang", moment: "after" },
  "delay-before": { action: "delay", moment: "before" },
  "delay-after": { action: "delay", moment: "after" },
  "duplicate-first": { action: "duplicate", moment: "before" },
  "duplicate-second": { action: "duplicate", moment: "before", secondAnswer: true },
};
