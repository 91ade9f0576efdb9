import { afterAll, beforeAll, jest } from "@jest/globals";
import { StoppedClock } from "./clock.ts";

/**
 * Stops the clock for the tests of a file and returns the function that advances it, by ms. Timers run
 * as ever, and the pause before a new attempt, which has a random length, is as short as it can be.
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
