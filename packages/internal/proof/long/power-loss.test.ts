import { join } from "node:path";
import { beforeAll, expect } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { ClassicLevel } from "classic-level";
import { bundle } from "../src/bundle.ts";
import { StoppedClock } from "../src/clock.ts";
import { Disk } from "../src/disk.ts";
import { compileDiskFaults, withFaults } from "../src/disk-faults.ts";
import { audit } from "../src/lanes/audit.ts";
import { Crew } from "../src/lanes/crew.ts";
import { type LaneState, NOTHING } from "../src/lanes/lane-state.ts";
import type { Promised } from "../src/lanes/verdict.ts";
import { Random } from "../src/random.ts";
import { frozen, killed, linesOf, start } from "../src/running.ts";
import { tally } from "../src/tally.ts";
import { testWith } from "../src/test-with.ts";

const LANES = 8;
const testOnDisk = testWith("root", "cc", "mkfs.ext4");

let program = "";

beforeAll(() => {
  program = bundle("lanes.ts");
});

interface Run {
  readonly rounds: number;
  readonly sync: boolean;
  readonly promised: Promised;
  readonly savesOnly?: boolean;
}

async function cutAgainAndAgain({ rounds, sync, promised, savesOnly = false }: Run) {
  const disk = new Disk();
  const seed = 1 + Math.floor(Math.random() * 2 ** 31);
  const random = new Random(seed);
  const counts = { rounds: 0, "rounds with loss": 0, acknowledged: 0, lost: 0, orphans: 0 };
  let lanes: readonly LaneState[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const location = join(disk.path, `${seed}-${Math.floor(round / 10)}`);
    // A new directory now and then, since a creation is written to the disk too.
    if (round % 10 === 0) lanes = Array.from({ length: LANES }, () => NOTHING);
    const orders = { location, sync, savesOnly, seed: seed + round * LANES };
    const crew = new Crew(program, orders, lanes);
    await crew.hasDone(random.below(600));
    // A process that saw the disk fail could still acknowledge; after a power loss none does.
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
  tally("power loss, sync: true", counts);
});

testOnDisk("without sync a power loss takes saves, and brings no ended session back", async () => {
  const counts = await cutAgainAndAgain({ rounds: 50, sync: false, promised: "what ended" });
  expect(counts.rounds).toBe(50);
  tally("power loss, sync: false", counts);
});

// Were nothing lost here, the two tests above would see nothing either.
testOnDisk("saves that are not synced are lost in it", async () => {
  const run = { rounds: 20, sync: false, promised: "what ended", savesOnly: true } as const;
  const counts = await cutAgainAndAgain(run);
  expect(counts["rounds with loss"]).toBeGreaterThan(10);
  tally("power loss, control without sync", counts);
});

// LevelDB does not sync a log when it begins the next one, so what was saved first can be lost while
// what was saved later is there.
testOnDisk(
  "without sync, what a power loss leaves is found by its owner and by a sweep",
  async () => {
    const disk = new Disk();
    const location = join(disk.path, "two-logs");
    // No table ever comes to the disk, so that the first log is all there is of what it holds.
    const env = withFaults(compileDiskFaults(), { files: ".ldb", gate: join(disk.path, "never") });
    const child = start(bundle("two-logs.ts"), [location], { env });
    expect((await linesOf(child).next()).value).toBe("done");
    await frozen(child);
    disk.cutPower();
    await killed(child);
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

async function handles(list: AsyncIterable<readonly [key: string, record: unknown]>) {
  const found: string[] = [];
  for await (const [key] of list) found.push(key);
  return found.sort();
}
