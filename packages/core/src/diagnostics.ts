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

/** The context object of each channel. */
interface Events {
  readonly load: SessionEvent;
  readonly save: SessionEvent;
  readonly delete: SessionEvent;
  readonly sweep: SweepEvent;
}

/** Runs `task` with `event`, which it fills in, traced on the channel of that name. */
export type Trace = <Name extends keyof Events, T>(
  name: Name,
  event: Events[Name],
  task: (event: Events[Name]) => Promise<T>,
) => Promise<T>;

/** On the tracing channels of `node:diagnostics_channel`, free while nobody subscribes. */
export function tracer(): Trace {
  const channels: { readonly [Name in keyof Events]: TracingChannel<unknown, Events[Name]> } = {
    load: tracingChannel("sess:load"),
    save: tracingChannel("sess:save"),
    delete: tracingChannel("sess:delete"),
    sweep: tracingChannel("sess:sweep"),
  };
  return (name, event, task) => {
    const channel = channels[name];
    // Some runtimes do not know `hasSubscribers`: there, it is always traced.
    if (channel.hasSubscribers === false) return task(event);
    // Kept out of the event, where it would show the id that a session holds.
    let result: Awaited<ReturnType<typeof task>>;
    const run = async () => {
      result = await task(event);
    };
    return channel.tracePromise(run, event).then(() => result);
  };
}
