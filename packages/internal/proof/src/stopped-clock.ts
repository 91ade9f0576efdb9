import { afterAll, beforeAll, jest } from "@jest/globals";
import { StoppedClock } from "./clock.ts";

/**
 * Stops the clock for the tests of a file, and returns what moves it. Timers run as ever, so that what
 * pauses between attempts goes on, as briefly as it may.
 */
export function stopClock(): (ms: number) => void {
  let clock: StoppedClock | undefined;
  beforeAll(() => {
    clock = new StoppedClock();
    jest.spyOn(Math, "random").mockReturnValue(0);
  });
  afterAll(() => {
    jest.restoreAllMocks();
    clock?.[Symbol.dispose]();
  });
  return (ms) => clock?.advance(ms);
}
