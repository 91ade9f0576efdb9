import { type TracingChannel, tracingChannel } from "node:diagnostics_channel";
import type { RegenerateEvent, SessionEvent, SweepEvent } from "../contract/events.ts";

/** The context object of each channel. */
interface Events {
  readonly load: SessionEvent;
  readonly save: SessionEvent;
  readonly regenerate: RegenerateEvent;
  readonly delete: SessionEvent;
  readonly sweep: SweepEvent;
}

/** Traces operations on diagnostics channels: `sess:load`, `sess:save` and so on. */
export class Tracer {
  // Looking a channel up by name costs more than all the rest of a call that nobody traces.
  readonly #channels: Readonly<Record<keyof Events, TracingChannel<unknown, object>>> = {
    load: tracingChannel("sess:load"),
    save: tracingChannel("sess:save"),
    regenerate: tracingChannel("sess:regenerate"),
    delete: tracingChannel("sess:delete"),
    sweep: tracingChannel("sess:sweep"),
  };

  /** Runs `task` with `event`, which it fills in. Costs next to nothing while nobody subscribes. */
  trace<Name extends keyof Events, Result>(
    name: Name,
    event: Events[Name],
    task: (event: Events[Name]) => Promise<Result>,
  ): Promise<Result> {
    const channel = this.#channels[name];
    // Some runtimes do not know `hasSubscribers`: it is undefined there, and everything is traced.
    if (channel.hasSubscribers === false) return task(event);
    // tracePromise puts a result into the event, and a session there would show its id.
    let result: Awaited<Result>;
    const withoutResult = async () => {
      result = await task(event);
    };
    return channel.tracePromise(withoutResult, event).then(() => result);
  }
}
