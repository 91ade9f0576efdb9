import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { ClassicLevel } from "classic-level";
import { bundle } from "../src/bundle.ts";
import { StoppedClock } from "../src/clock.ts";
import { effort } from "../src/effort.ts";
import { audit } from "../src/lanes/audit.ts";
import { Crew } from "../src/lanes/crew.ts";
import { type LaneState, NOTHING } from "../src/lanes/lane-state.ts";
import { Random } from "../src/random.ts";
import { scratch } from "../src/scratch.ts";
import { tally } from "../src/tally.ts";

const LANES = 8;
const PATIENCE = effort(120_000, 3_600_000);
const ROUNDS = effort(20, 200);

let program = "";

beforeAll(() => {
  program = bundle("lanes.ts");
});

/** After each kill every lane is what it was told to be, or that and the one operation under way. */
async function killAgainAndAgain(sync: boolean, seed: number) {
  const random = new Random(seed);
  const location = join(scratch(), "sessions");
  const ended = new Set<string>();
  const counts = { rounds: 0, "kills during open": 0, acknowledged: 0, lost: 0, orphans: 0 };
  let lanes: readonly LaneState[] = Array.from({ length: LANES }, () => NOTHING);
  for (let round = 0; round < ROUNDS; round += 1) {
    const crew = new Crew(program, { location, sync, seed: seed + round * LANES }, lanes);
    if (round % 10 === 9) {
      await crew.reached("opening");
      await sleep(random.below(10));
      counts["kills during open"] += 1;
    } else await crew.hasDone(1 + random.below(500));
    await crew.kill();
    expect(crew.failures).toEqual([]);
    const last = round === ROUNDS - 1;
    const looked = [...ended].filter(() => last || random.below(ended.size) < 500);
    const found = await audit(location, crew, "everything", looked);
    lanes = found.lanes;
    for (const [lane, { ids }] of crew.histories.entries()) {
      for (const id of ids) if (!lanes[lane]?.live.has(id)) ended.add(id);
    }
    counts.rounds += 1;
    counts.acknowledged += crew.acknowledged;
    counts.lost += found.lost;
    counts.orphans += found.orphans;
  }
  return { location, lanes, counts: { ...counts, "ended sessions": ended.size } };
}

/** Sweeps a day later: nothing but what was ever there is in the way, and nothing is left behind. */
async function expectNothingLeftBehind(location: string, lanes: readonly LaneState[]) {
  const live = lanes.reduce((sum, lane) => sum + lane.live.size, 0);
  const store = await LevelStore.open(location);
  using clock = new StoppedClock();
  clock.advance(25 * 3_600_000);
  const swept = await store.sweep();
  await store.close();
  const db = new ClassicLevel(location);
  expect(await db.keys().all()).toEqual([]);
  await db.close();
  expect(swept).toBeGreaterThanOrEqual(live);
}

for (const sync of [true, false]) {
  test(
    `kill -9 loses nothing that was acknowledged and brings no ended session back (sync: ${sync})`,
    async () => {
      const seed = 1 + Math.floor(Math.random() * 2 ** 31);
      try {
        const { location, lanes, counts } = await killAgainAndAgain(sync, seed);
        expect(counts).toMatchObject({ rounds: ROUNDS, lost: 0 });
        expect(counts.acknowledged).toBeGreaterThan(ROUNDS * 50);
        await expectNothingLeftBehind(location, lanes);
        tally(`kill -9, sync: ${sync}`, counts);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    },
    PATIENCE,
  );
}

test(
  "a process that is killed while it makes the directory leaves one that opens",
  async () => {
    const random = new Random(Math.floor(Math.random() * 2 ** 31));
    const nothing = Array.from({ length: LANES }, () => NOTHING);
    const rounds = effort(3, 50);
    for (let round = 0; round < rounds; round += 1) {
      const location = join(scratch(), "new", "sessions");
      const crew = new Crew(program, { location, sync: true, seed: round }, nothing);
      await crew.reached("opening");
      await sleep(random.below(15));
      await crew.kill();
      expect(crew.failures).toEqual([]);
      await audit(location, crew, "everything");
    }
    tally("kill -9 while a directory is made", { rounds });
  },
  PATIENCE,
);
