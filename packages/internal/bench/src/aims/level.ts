import { type Aim, growth, share, times } from "./aim.ts";

const HERE = { suite: "level", unit: "µs", size: "0.6 KB" } as const;

export const LEVEL_AIMS: readonly Aim[] = [
  read("level-session-store", "level-session-store", 1, 5),
  read("level-session-store", "level-session-store", 64, 3),
  change("sess-level-unsynced", "unsynced", "level-session-store", "level-session-store", 64, 4),
  change("sess-level", "synced", "level-put", "one synced put each", 64, 3.5),
  change("sess-level", "synced", "session-file-store", "session-file-store", 1, 5),
  change("sess-level", "synced", "session-file-store", "session-file-store", 64, 15),
  {
    ...change("sess-level", "synced", "level-bare", "bare synced batches of 64", 64, 0.45),
    work: "synced saves, LevelDB, 64 at once",
  },
  read("level-bare", "bare getSync of the same text without parsing", 1, 0.6),
  {
    work: "reading access, LevelDB, from 10,000 to a million sessions",
    against: "the growth of bare classic-level",
    aim: 1,
    sense: "at most",
    measure: growth(
      { ...HERE, work: "read", atOnce: 1, contender: "sess-level-unsynced" },
      { ...HERE, work: "read", atOnce: 1, contender: "level-bare" },
      10_000,
      1_000_000,
    ),
  },
];

export const SWEEP_AIMS: readonly Aim[] = [
  {
    work: "longest stall of the loop in a sweep of a million, memory",
    against: "20 ms",
    aim: 20,
    sense: "at most",
    unit: "ms",
    measure: (lookup) => lookup.one({ suite: "sweep", contender: "sess-manager", unit: "ms" }),
  },
  {
    work: "longest stall of the loop in a sweep of a million, memory",
    against: "memorystore",
    aim: 1,
    sense: "at most",
    measure: share(
      { suite: "sweep", contender: "sess-manager" },
      { suite: "sweep", contender: "memorystore" },
    ),
  },
];

function read(contender: string, against: string, atOnce: number, aim: number): Aim {
  const what = { ...HERE, work: "read", atOnce };
  return {
    work: `reading access, LevelDB, ${atOnce === 1 ? "one" : atOnce} at once`,
    against,
    aim,
    sense: "at least",
    measure: times({ ...what, contender: "sess-level" }, { ...what, contender }),
  };
}

function change(
  ours: string,
  how: string,
  contender: string,
  against: string,
  atOnce: number,
  aim: number,
): Aim {
  const what = { ...HERE, work: "change", atOnce };
  return {
    work: `changing access, LevelDB, ${how}, ${atOnce === 1 ? "one" : atOnce} at once`,
    against,
    aim,
    sense: "at least",
    measure: times({ ...what, contender: ours }, { ...what, contender }),
  };
}
