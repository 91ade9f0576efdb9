import { expect } from "@jest/globals";
import type { FaultEffect } from "@sess/core/conformance";
import { expectCode } from "@sess/test-support";
import type { World } from "./sessions.ts";

/** How a call can go wrong without its caller knowing what happened, and the words for it in a title. */
export const FAULTS: readonly (readonly [name: string, effect: FaultEffect])[] = [
  ["rejects before it acts", "reject-before"],
  ["acts, then rejects", "reject-after"],
  ["acts twice", "duplicate-second"],
];

/** Equals what a rejecting fault rejects with. */
export const INJECTED_ERROR: unknown = expect.objectContaining({
  message: expect.stringContaining("An injected fault"),
});

/**
 * Runs `task` while its first save meets the fault. If that makes it fail, runs `meanwhile` and then
 * `task` once more.
 */
export async function retried<T>(
  { store, faults }: World,
  effect: FaultEffect,
  task: () => Promise<T>,
  meanwhile = () => {},
): Promise<T> {
  faults.inject({ effect, method: "save" });
  try {
    if (effect === "duplicate-second") return await task();
    const error = await expectCode(task(), "STORE_UNAVAILABLE");
    expect(error.cause).toEqual(INJECTED_ERROR);
    expect(error.message).toContain("unknown");
  } finally {
    await faults.heal();
    store.forget();
  }
  meanwhile();
  return task();
}
