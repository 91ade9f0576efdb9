import { tracingChannel } from "node:diagnostics_channel";
import { afterTest } from "@sess/test-support";

const NAMES = ["load", "save", "regenerate", "delete", "sweep"] as const;
const PHASES = ["start", "end", "asyncStart", "asyncEnd", "error"] as const;

interface Seen {
  readonly name: (typeof NAMES)[number];
  readonly phase: (typeof PHASES)[number];
  /** The very object that was published. */
  readonly event: unknown;
}

export interface Watch {
  readonly seen: readonly Seen[];
  stop(): void;
}

/** Collects everything that is published on core's channels until `stop()` or the end of the test. */
export function watchChannels(): Watch {
  const seen: Seen[] = [];
  const stops = NAMES.flatMap((name) =>
    PHASES.map((phase) => {
      const channel = tracingChannel(`sess:${name}`)[phase];
      const note = (event: unknown) => void seen.push({ name, phase, event });
      channel.subscribe(note);
      return () => channel.unsubscribe(note);
    }),
  );
  const stop = () => {
    for (const stopOne of stops) stopOne();
  };
  afterTest(stop);
  return { seen, stop };
}
