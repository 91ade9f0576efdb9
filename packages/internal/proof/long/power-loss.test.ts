import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { orSkip } from "@sess/test-servers";
import { collect, Program, StoppedClock } from "@sess/test-support";
import { ClassicLevel } from "classic-level";
import { Disk } from "../src/disk/disk.ts";
import { compileDiskFaults, withFaults } from "../src/disk/disk-faults.ts";
import { audit, type Promised } from "../src/lanes/audit.ts";
import { Crew } from "../src/lanes/crew.ts";
import { emptyLanes } from "../src/lanes/lane-state.ts";
import { missing } from "../src/needs.ts";
import { programFile } from "../src/program-file.ts";
import { newSeed, Random } from "../src/random.ts";
import { report } from "../src/results.ts";

const LANES = 8;
const testOnDisk = orSkip(test, missing("root", "cc", "mkfs.ext4"));

let program = "";

beforeAll(() => {
  program = programFile("lanes");
});

interface Run {
  readonly rounds: number;
  readonly sync: boolean;
  readonly promised: Promised;
  readonly savesOnly?: boolean;
}

async function cutAgainAndAgain({ rounds, sync, promised, savesOnly = false }: Run) {
  const disk = new Disk();
  const seed = newSeed();
  const random = new Random(seed);
  const counts = { rounds: 0, "rounds with loss": 0, acknowledged: 0, lost: 0, orphans: 0 };
  let lanes = emptyLanes(LANES);
  for (let round = 0; round < rounds; round += 1) {
    const location = join(disk.path, `${seed}-${Math.floor(round / 10)}`);
    // A new directory now and then, since its creation has to reach the disk too.
    if (round % 10 === 0) lanes = emptyLanes(LANES);
    const orders = { location, sync, savesOnly, seed: seed + round * LANES };
    const crew = new Crew(program, orders, lanes);
    await crew.hasDone(random.below(600));
    // It could still acknowledge something after it saw the disk fail; after a power loss it cannot.
    await crew.freeze();
    expect(crew.failures).toEqual([]);
    disk.cutPower();
    await crew.kill();
    disk.unmount();
    disk.mount();
    try {
      const found = await audit(location, crew, promised);
      lanes = found.lanes;
      counts.rounds += 1;
      counts["rounds with loss"] += found.lost > 0 ? 1 : 0;
      counts.acknowledged += crew.acknowledged;
      counts.lost += found.lost;
      counts.orphans += found.orphans;
    } catch (cause) {
      throw new Error(`seed ${seed}, round ${round}`, { cause });
    }
  }
  return counts;
}

testOnDisk("a power loss takes nothing that was acknowledged", async () => {
  const counts = await cutAgainAndAgain({ rounds: 100, sync: true, promised: "all but touches" });
  expect(counts).toMatchObject({ rounds: 100, lost: 0 });
  report("power loss, sync: true", counts);
});

testOnDisk("without sync a power loss takes saves, and brings no ended session back", async () => {
  const counts = await cutAgainAndAgain({ rounds: 50, sync: false, promised: "what ended" });
  expect(counts.rounds).toBe(50);
  report("power loss, sync: false", counts);
});

// If nothing were lost here, the two tests above would see nothing either.
testOnDisk("saves that are not synced are lost in it", async () => {
  const run = { rounds: 20, sync: false, promised: "what ended", savesOnly: true } as const;
  const counts = await cutAgainAndAgain(run);
  expect(counts["rounds with loss"]).toBeGreaterThan(10);
  report("power loss, control without sync", counts);
});

// LevelDB does not sync a log when it begins the next one, so an earlier save can be lost while a later
// one is there.
testOnDisk(
  "without sync, what a power loss leaves is found by its owner and by a sweep",
  async () => {
    const disk = new Disk();
    const location = join(disk.path, "two-logs");
    // No table ever reaches the disk, so that what the first log holds is nowhere else.
    const env = withFaults(compileDiskFaults(), { files: ".ldb", gate: join(disk.path, "never") });
    const program = Program.node(programFile("two-logs"), [location], { env });
    expect(await program.line()).toBe("done");
    await program.freeze();
    disk.cutPower();
    await program.kill();
    disk.unmount();
    disk.mount();

    const store = await LevelStore.open(location);
    const all = await handles(store.list());
    expect(all.length).toBeGreaterThan(0);
    expect(await handles(store.list("ada"))).toEqual(all);
    using clock = new StoppedClock();
    clock.advance(25 * 3_600_000);
    expect(await store.sweep()).toBe(all.length);
    await store.close();
    const db = new ClassicLevel(location);
    expect(await db.keys().all()).toEqual([]);
    await db.close();
  },
);

async function handles(list: AsyncIterable<readonly [handle: string, record: unknown]>) {
  return (await collect(list)).map(([handle]) => handle).sort();
}
