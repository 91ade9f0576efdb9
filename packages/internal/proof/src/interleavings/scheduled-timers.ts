import { jest } from "@jest/globals";
import type { Scheduler } from "fast-check";

/** Longer waits are deadlines, which do not come while only the order of things is tried. */
const LONGEST_PAUSE = 1_000;

/** Pauses end when the scheduler says so, so that a run can be had again; gives them back after it. */
export function scheduleTimers(scheduler: Scheduler): Disposable {
  const real = globalThis.setTimeout;
  const spy = jest.spyOn(globalThis, "setTimeout");
  spy.mockImplementation((callback: () => void, ms = 0) => {
    if (ms <= LONGEST_PAUSE) void scheduler.schedule(Promise.resolve(), "pause").then(callback);
    const timer = real(() => {}, 0);
    clearTimeout(timer);
    return timer;
  });
  return { [Symbol.dispose]: () => spy.mockRestore() };
}
