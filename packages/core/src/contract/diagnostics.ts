import { type TracingChannel, tracingChannel } from "node:diagnostics_channel";

/** What came of an operation. */
export type Outcome = "hit" | "miss" | "saved" | "touched" | "unchanged" | "rebased" | "refused";

/** The context object of the channels `sess:load`, `sess:save` and `sess:delete`. */
export interface SessionEvent {
  /** Whose event it is. Never the id. */
  readonly handle: string;
  outcome?: Outcome;
  /** How often the store was asked to write; absent if it was not asked. */
  attempts?: number;
  error?: unknown;
}

/** The context object of the channel `sess:sweep`. */
export interface SweepEvent {
  /** How many expired records were removed. */
  removed?: number;
  error?: unknown;
}

/** Each channel's context object. */
interface Events {
  readonly load: SessionEvent;
  readonly save: SessionEvent;
  readonly delete: SessionEvent;
  readonly sweep: SweepEvent;
}

// Channels belong to the process, as node:diagnostics_channel does. Looking one up by name costs more
// than all the rest of an untraced call, so each is kept once it has been asked for.
const channels: Record<string, TracingChannel<unknown, object>> = {};

/**
 * Runs `task` with `event`, which it fills in, and traces it on the channel of that name. Costs next to
 * nothing while nobody subscribes.
 */
export function trace<Name extends keyof Events, Result>(
  name: Name,
  event: Events[Name],
  task: (event: Events[Name]) => Promise<Result>,
): Promise<Result> {
  channels[name] ??= tracingChannel(`sess:${name}`);
  const channel = channels[name];
  // Some runtimes do not know `hasSubscribers`: there it is undefined, and everything is traced.
  if (channel.hasSubscribers === false) return task(event);
  // tracePromise puts a result into the event, and a session there would show its id.
  let result: Awaited<Result>;
  const withoutResult = async () => {
    result = await task(event);
  };
  return channel.tracePromise(withoutResult, event).then(() => result);
}
