import { beforeAll, describe, expect, test } from "@jest/globals";
import { Program, scratch } from "@sess/test-support";
import { effort } from "../src/effort.ts";
import { programFile } from "../src/program-file.ts";
import { report } from "../src/results.ts";

const TIMEOUT = effort(120_000, 3_600_000);
const IN_MEMORY = 1_000_000;
const IN_LEVELDB = effort(100_000, 1_000_000);
const MEGABYTE = 1024 * 1024;
const MOST_MEMORY = 250 * MEGABYTE;
const MOST_RESIDENT = 350 * MEGABYTE;

let memory = "";
let level = "";

beforeAll(() => {
  memory = programFile("memory-growth");
  level = programFile("level-growth");
});

/** What a program tells in one line of JSON. */
async function run(...args: string[]): Promise<Record<string, number>> {
  const [line = ""] = await new Program([process.execPath, "--expose-gc", ...args]).allLines();
  return JSON.parse(line);
}

test(
  `the heap is back after ${IN_MEMORY} sessions of a second in memory and one sweep`,
  async () => {
    const { before = 0, full = 0, after = 0, swept } = await run(memory, String(IN_MEMORY));
    expect(swept).toBe(IN_MEMORY);
    // Otherwise nothing was weighed.
    expect(full).toBeGreaterThan(before + 100 * IN_MEMORY);
    expect(after).toBeLessThan(1.1 * before);
    report("growth in memory", { sessions: IN_MEMORY, before, full, after });
  },
  TIMEOUT,
);

describe(`of ${IN_LEVELDB} sessions in LevelDB a sweep of nine tenths`, () => {
  let found: Record<string, number> = {};

  beforeAll(async () => {
    found = await run(level, scratch(), String(IN_LEVELDB));
    report("growth in LevelDB", { sessions: IN_LEVELDB, ...found });
  }, TIMEOUT);

  test("leaves under three times the live data on disk", () => {
    const { full = 0, swept, live, liveBytes = 0, after = 0 } = found;
    expect([swept, live]).toEqual([0.9 * IN_LEVELDB, 0.1 * IN_LEVELDB]);
    expect(full).toBeGreaterThan(5 * liveBytes);
    expect(after).toBeLessThan(3 * liveBytes);
  });

  test("leaves under 250 MB of resident memory, mapped tables included", () => {
    expect(found["resident"]).toBeGreaterThan(0);
    expect(found["resident"]).toBeLessThan(MOST_MEMORY);
  });

  test("never takes 250 MB of the process's own memory", () => {
    expect(found["own"]).toBeGreaterThan(0);
    expect(found["own"]).toBeLessThan(MOST_MEMORY);
  });

  // A million sessions take 244 MB on a quiet machine and 282 on a busy one. Of these, some 76 are tables
  // that LevelDB maps and 40 are Node itself; the system takes both back as it likes.
  test("never takes 350 MB of resident memory", () => {
    expect(found["most"]).toBeLessThan(MOST_RESIDENT);
  });
});
