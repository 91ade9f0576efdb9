import type { Lookup } from "../lookup.ts";
import { type Aim, least, times } from "./aim.ts";

const SIZE = "0.6 KB";

export const REDIS_AIMS: readonly Aim[] = [
  redis("extend", "reading access that also extends", 1, 2),
  redis("extend", "reading access that also extends", 64, 2),
  redis("read", "reading access", 64, 2),
  redis("change", "changing access, checked", 1, 1),
  redis("change", "changing access, checked", 64, 1),
  {
    work: "every access, Redis",
    against: "the bare client",
    aim: 0.75,
    sense: "at least",
    measure: (lookup) => worst(lookup, "redis", "sess-redis", "redis-bare"),
  },
];

export const POSTGRES_AIMS: readonly Aim[] = [
  postgres("read", "reading access", 1, 1.5),
  postgres("read", "reading access", 64, 9),
  postgres("change", "changing access", 64, 4),
  postgres("create", "creating", 64, 4.8),
  postgres("extend", "extending", 64, 5.7),
];

function redis(work: string, name: string, atOnce: number, aim: number): Aim {
  const what = { suite: "redis", unit: "µs", size: SIZE, work, atOnce } as const;
  return {
    work: `${name}, Redis, ${atOnce === 1 ? "one" : atOnce} at once`,
    against: "connect-redis",
    aim,
    sense: "at least",
    measure: times({ ...what, contender: "sess-redis" }, { ...what, contender: "connect-redis" }),
  };
}

function postgres(work: string, name: string, atOnce: number, aim: number): Aim {
  const what = { suite: "postgres", unit: "µs", size: SIZE, work, atOnce } as const;
  return {
    work: `${name}, PostgreSQL, ${atOnce === 1 ? "one" : atOnce} at once`,
    against: "connect-pg-simple",
    aim,
    sense: "at least",
    measure: times(
      { ...what, contender: "sess-postgres" },
      { ...what, contender: "connect-pg-simple" },
    ),
  };
}

/** The narrowest over all kinds of access of the size. */
function worst(lookup: Lookup, suite: string, ours: string, theirs: string): number | undefined {
  const figures = lookup.all({ suite, contender: ours, unit: "µs", size: SIZE });
  return least(
    figures.map(({ rounds, ...what }) => lookup.ratio({ ...what, contender: theirs }, what)),
  );
}
