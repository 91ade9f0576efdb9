import { stepsOf } from "../rounds.ts";
import type { Effort, Step } from "../step.ts";

/** The longest stall of the event loop while a million sessions are swept, a tenth of them expired. */
export function sweep(effort: Effort): Step[] {
  return stepsOf(
    {
      suite: "sweep",
      contenders: ["sess-manager", "memorystore"],
      size: "0.6 KB",
      live: 1_000_000,
      job: (subject) => ({ kind: "sweep", ...subject }),
    },
    effort,
  );
}
