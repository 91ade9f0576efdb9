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

/** By name, once each has been asked for: they belong to the process, as node:diagnostics_channel does. */
const channels: Record<string, TracingChannel<unknown, object>> = {};

/**
 * Runs `task` with `event`, which it fills in, traced on the channel of that name: free while nobody
 * subscribes.
 */
export function trace<Name extends keyof Events, T>(
  name: Name,
  event: Events[Name],
  task: (event: Events[Name]) => Promise<T>,
): Promise<T> {
  channels[name] ??= tracingChannel(`sess:${name}`);
  const channel = channels[name];
  // Some runtimes do not know `hasSubscribers`: there, it is always traced.
  if (channel.hasSubscribers === false) return task(event);
  // Kept out of the event, where it would show the id that a session holds.
  let result: Awaited<T>;
  const run = async () => {
    result = await task(event);
  };
  return channel.tracePromise(run, event).then(() => result);
}
