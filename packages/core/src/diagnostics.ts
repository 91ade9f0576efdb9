import { type TracingChannel, tracingChannel } from "node:diagnostics_channel";

/** What came of an operation. */
export type Outcome = "hit" | "miss" | "saved" | "touched" | "unchanged" | "rebased" | "refused";

/** The context object of `sess:load`, `sess:save` and `sess:delete`. */
export interface SessionEvent {
  readonly handle: string;
  outcome?: Outcome;
  /** How often the store was asked to write; absent where it was not. */
  attempts?: number;
  error?: unknown;
}

/** The context object of `sess:sweep`. */
export interface SweepEvent {
  /** Expired records that were removed. */
  removed?: number;
  error?: unknown;
}

/** The tracing channels of `node:diagnostics_channel`, free while nobody subscribes. */
export class Diagnostics {
  readonly #load = tracingChannel<unknown, SessionEvent>("sess:load");
  readonly #save = tracingChannel<unknown, SessionEvent>("sess:save");
  readonly #delete = tracingChannel<unknown, SessionEvent>("sess:delete");
  readonly #sweep = tracingChannel<unknown, SweepEvent>("sess:sweep");

  load<T>(handle: string, task: (event: SessionEvent) => Promise<T>): Promise<T> {
    return traced(this.#load, { handle }, task);
  }

  /** `outcome`: the event's where `task` sets none. */
  save<T>(handle: string, outcome: Outcome, task: (event: SessionEvent) => Promise<T>): Promise<T> {
    return traced(this.#save, { handle, outcome }, task);
  }

  /** `task` tells whether there was a live session. */
  delete(handle: string, task: () => Promise<boolean>): Promise<boolean> {
    return traced(this.#delete, { handle }, async (event) => {
      const ended = await task();
      event.outcome = ended ? "hit" : "miss";
      return ended;
    });
  }

  sweep(task: () => Promise<number>): Promise<number> {
    return traced(this.#sweep, {}, async (event) => {
      event.removed = await task();
      return event.removed;
    });
  }
}

/** Runs `task` with `event`, which it fills in, traced on `channel`. */
function traced<Event extends object, T>(
  channel: TracingChannel<unknown, Event>,
  event: Event,
  task: (event: Event) => Promise<T>,
): Promise<T> {
  // Some runtimes do not know `hasSubscribers`: there, it is always traced.
  return channel.hasSubscribers === false ? task(event) : publish(channel, event, task);
}

async function publish<Event extends object, T>(
  channel: TracingChannel<unknown, Event>,
  event: Event,
  task: (event: Event) => Promise<T>,
): Promise<T> {
  // Kept out of the event, where it would show the id that a session holds.
  let result!: T;
  await channel.tracePromise(async () => {
    result = await task(event);
  }, event);
  return result;
}
