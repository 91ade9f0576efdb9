import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { StoppedClock, scratch } from "@sess/test-support";
import { ClassicLevel } from "classic-level";
import { effort } from "../src/effort.ts";
import { audit } from "../src/lanes/audit.ts";
import { Crew } from "../src/lanes/crew.ts";
import { emptyLanes, type LaneState } from "../src/lanes/lane-state.ts";
import { programFile } from "../src/program-file.ts";
import { newSeed, Random } from "../src/random.ts";
import { report } from "../src/results.ts";

const LANES = 8;
const TIMEOUT = effort(120_000, 3_600_000);
const ROUNDS = effort(20, 200);
const DAY = 86_400_000;

let program = "";

beforeAll(() => {
  program = programFile("lanes");
});

/** After each kill every lane is as it was told, or that and the one deed that was under way. */
async function killAgainAndAgain(sync: boolean, seed: number) {
  const random = new Random(seed);
  const location = join(scratch(), "sessions");
  const ended = new Set<string>();
  const counts = { rounds: 0, "kills during open": 0, acknowledged: 0, lost: 0, orphans: 0 };
  let lanes = emptyLanes(LANES);
  for (let round = 0; round < ROUNDS; round += 1) {
    const crew = new Crew(program, { location, sync, seed: seed + round * LANES }, lanes);
    if (round % 10 === 9) {
      await crew.reached("opening");
      await sleep(random.below(10));
      counts["kills during open"] += 1;
    } else await crew.hasDone(1 + random.below(500));
    await crew.kill();
    expect(crew.failures).toEqual([]);
    const isLast = round === ROUNDS - 1;
    const looked = [...ended].filter(() => isLast || random.below(ended.size) < 500);
    const found = await audit(location, crew, "everything", looked);
    lanes = found.lanes;
    for (const id of found.ended) ended.add(id);
    counts.rounds += 1;
    counts.acknowledged += crew.acknowledged;
    counts.lost += found.lost;
    counts.orphans += found.orphans;
  }
  return { location, lanes, counts: { ...counts, "ended sessions": ended.size } };
}

/** After a day everything has expired, and a sweep leaves not one key in the database. */
async function expectNothingLeftBehind(location: string, lanes: readonly LaneState[]) {
  const live = lanes.reduce((sum, lane) => sum + lane.live.size, 0);
  const store = await LevelStore.open(location);
  using clock = new StoppedClock();
  clock.advance(DAY + 3_600_000);
  const swept = await store.sweep();
  await store.close();
  const db = new ClassicLevel(location);
  expect(await db.keys().all()).toEqual([]);
  await db.close();
  expect(swept).toBeGreaterThanOrEqual(live);
}

test.each([true, false])(
  "kill -9 loses nothing that was acknowledged and brings no ended session back (sync: %s)",
  async (sync) => {
    const seed = newSeed();
    try {
      const { location, lanes, counts } = await killAgainAndAgain(sync, seed);
      expect(counts).toMatchObject({ rounds: ROUNDS, lost: 0 });
      expect(counts.acknowledged).toBeGreaterThan(ROUNDS * 50);
      await expectNothingLeftBehind(location, lanes);
      report(`kill -9, sync: ${sync}`, counts);
    } catch (cause) {
      throw new Error(`seed ${seed}`, { cause });
    }
  },
  TIMEOUT,
);

test(
  "a process that is killed while it creates the directory leaves one that opens",
  async () => {
    const random = new Random(newSeed());
    const rounds = effort(3, 50);
    for (let round = 0; round < rounds; round += 1) {
      const location = join(scratch(), "new", "sessions");
      const crew = new Crew(program, { location, sync: true, seed: round }, emptyLanes(LANES));
      await crew.reached("opening");
      await sleep(random.below(15));
      await crew.kill();
      expect(crew.failures).toEqual([]);
      await audit(location, crew, "everything");
    }
    report("kill -9 while a directory is created", { rounds });
  },
  TIMEOUT,
);
