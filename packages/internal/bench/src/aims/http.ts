import type { Lookup } from "../lookup.ts";
import type { Aim } from "./aim.ts";

export const HTTP_AIMS: readonly Aim[] = [
  added("read", "reading", 1 / 9),
  added("change", "changing", 1 / 5),
];

/** Processor time of a request, less that of a server without sessions. */
function added(work: "read" | "change", name: string, aim: number): Aim {
  return {
    work: `processor time that sessions add to a bare HTTP server, ${name}`,
    against: "express-session",
    aim,
    sense: "at most",
    measure: (lookup) => {
      const ours = addedBy(lookup, "http-sess", work);
      const theirs = addedBy(lookup, "http-express-session", work);
      return ours === undefined || theirs === undefined ? undefined : ours / theirs;
    },
  };
}

/** In µs. */
export function addedBy(lookup: Lookup, contender: string, work: string): number | undefined {
  const what = { suite: "http", unit: "CPU µs", work } as const;
  const whole = lookup.one({ ...what, contender });
  const bare = lookup.one({ ...what, contender: "http-bare" });
  return whole === undefined || bare === undefined ? undefined : whole - bare;
}
