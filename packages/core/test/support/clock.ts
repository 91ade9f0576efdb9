import { jest } from "@jest/globals";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Stops the clock and the timers; promises go on by themselves. */
export function stopClock(): void {
  jest.useFakeTimers({
    now: Date.parse("2026-01-01T00:00:00Z"),
    doNotFake: ["nextTick", "queueMicrotask", "setImmediate"],
  });
}

/** Stops the clock alone: timers run as ever, so that what pauses between attempts goes on. */
export function stopDate(): void {
  jest.useFakeTimers({
    now: Date.parse("2026-01-01T00:00:00Z"),
    doNotFake: [
      "nextTick",
      "queueMicrotask",
      "setImmediate",
      "clearImmediate",
      "setTimeout",
      "clearTimeout",
      "setInterval",
      "clearInterval",
      "performance",
    ],
  });
}

export function startClock(): void {
  jest.useRealTimers();
}

/** Moves the clock, and carries out what was due on the way. */
export function pass(ms: number): Promise<void> {
  return jest.advanceTimersByTimeAsync(ms).then(() => {});
}
