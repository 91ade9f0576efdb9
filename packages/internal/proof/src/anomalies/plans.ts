import type { Plan } from "./anomaly-loop.ts";

type PlannedFault = Plan["fault"];

/** Every way in which a call can fail once. */
export const transient: readonly PlannedFault[] = [
  { effect: "reject-before" },
  { effect: "reject-after" },
  { effect: "reject-early" },
  { effect: "hang-before" },
  { effect: "hang-after" },
  { effect: "delay-before" },
  { effect: "delay-after" },
  { effect: "duplicate-first" },
  { effect: "duplicate-second" },
  // In the midst of a listing.
  { effect: "reject-before", method: "list", entries: 1 },
  { effect: "hang-before", method: "list", entries: 1 },
];

/** The same from a call on until the store is healed. */
export const persistent: readonly PlannedFault[] = transient.map((fault) => ({
  ...fault,
  persistent: true,
}));

/** The rejections, after which something is to be done again. */
export const rejections: readonly PlannedFault[] = transient.filter(({ effect }) =>
  effect.startsWith("reject"),
);

/** Each fault with both ways to do again what failed. */
export function plansOf(faults: readonly PlannedFault[], twice = false): Plan[] {
  return [true, false].flatMap((sameObject) =>
    faults
      // Where nothing fails, nothing is done again.
      .filter(({ effect }) => sameObject || effect.startsWith("reject"))
      .map((fault) => ({ fault, sameObject, twice })),
  );
}
