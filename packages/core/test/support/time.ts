import { jest } from "@jest/globals";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Stops the clock and all timers; promises go on by themselves. `pass` moves both. */
export function stopTime(): void {
  jest.useFakeTimers({
    now: Date.parse("2026-01-01T00:00:00Z"),
    doNotFake: ["nextTick", "queueMicrotask", "setImmediate"],
  });
}

export function startTime(): void {
  jest.useRealTimers();
}

/** Lets `ms` pass: moves the clock, and runs the timers that are due on the way. */
export function pass(ms: number): Promise<void> {
  return jest.advanceTimersByTimeAsync(ms).then(() => {});
}
