import { tracingChannel } from "node:diagnostics_channel";

const NAMES = ["load", "save", "delete", "sweep"] as const;
const PHASES = ["start", "end", "asyncStart", "asyncEnd", "error"] as const;

export interface Seen {
  readonly name: (typeof NAMES)[number];
  readonly phase: (typeof PHASES)[number];
  /** The very object that was published. */
  readonly event: unknown;
}

/** Collects everything that is published on core's channels from now until `stop()`. */
export function watchChannels(): { readonly seen: Seen[]; stop(): void } {
  const seen: Seen[] = [];
  const stops = NAMES.flatMap((name) =>
    PHASES.map((phase) => {
      const channel = tracingChannel(`sess:${name}`)[phase];
      const note = (event: unknown) => void seen.push({ name, phase, event });
      channel.subscribe(note);
      return () => channel.unsubscribe(note);
    }),
  );
  return {
    seen,
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}
