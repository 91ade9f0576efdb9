import { jest } from "@jest/globals";
import type { Store } from "@sess/core";
import type { Scheduler } from "fast-check";
import type { WholeStore } from "../stores/store-kind.ts";

/** Longer waits are deadlines; none of them comes while only the order of calls is tried. */
const LONGEST_PAUSE = 1_000;

/** A store whose calls begin and answer when the scheduler says so. */
export function scheduledStore(store: WholeStore, scheduler: Scheduler): Store {
  const moment = (name: string) => scheduler.schedule(Promise.resolve(), name);
  async function scheduled<T>(method: string, call: () => Promise<T>): Promise<T> {
    await moment(`${method} begins`);
    const answer = await call();
    await moment(`${method} answers`);
    return answer;
  }
  return {
    load: (...call) => scheduled("load", () => store.load(...call)),
    save: (...call) => scheduled("save", () => store.save(...call)),
    delete: (...call) => scheduled("delete", () => store.delete(...call)),
    touch: (...call) => scheduled("touch", () => store.touch(...call)),
    async *list(owner) {
      await moment("list begins");
      for await (const entry of store.list(owner)) {
        await moment("list answers");
        yield entry;
      }
    },
  };
}

/** Makes pauses end when the scheduler says so, so that a run can be repeated, until it is disposed. */
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
