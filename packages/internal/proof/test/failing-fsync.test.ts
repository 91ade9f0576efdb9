import { readdirSync } from "node:fs";
import { beforeAll, expect, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { orSkip } from "@sess/test-servers";
import { handle, Program, scratch } from "@sess/test-support";
import { compileDiskFaults, withFaults } from "../src/disk/disk-faults.ts";
import { missing } from "../src/needs.ts";
import { numberedRecord } from "../src/numbered-record.ts";
import { programFile } from "../src/program-file.ts";

const CALLS = 20;
const SAVES = 20;
const testWithFaults = orSkip(test, missing("cc"));

let program = "";
let library = "";

beforeAll(() => {
  program = programFile("steady");
  library = compileDiskFaults();
});

interface Story {
  readonly location: string;
  readonly lines: readonly string[];
  readonly saved: readonly number[];
  readonly failed: readonly number[];
}

async function run(from: number, to: number): Promise<Story> {
  const location = scratch();
  const env = withFaults(library, { files: location, from, to });
  const lines = await Program.node(program, [location, String(SAVES)], { env }).allLines();
  const numbers = (word: string) =>
    lines.filter((line) => line.startsWith(word)).map((line) => Number(line.split(" ")[1]));
  return { location, lines, saved: numbers("saved"), failed: numbers("failed") };
}

async function expectAcknowledged({ location, saved, failed }: Story): Promise<void> {
  await using store = await LevelStore.open(location);
  for (const number of saved)
    expect(await store.load(handle(number))).toEqual(numberedRecord(number));
  // What was rejected is there or not, but never anything else.
  for (const number of failed) {
    expect([undefined, numberedRecord(number)]).toContainEqual(await store.load(handle(number)));
  }
}

testWithFaults(
  "a failed fsync, whichever it is, is told and loses nothing that was acknowledged",
  async () => {
    let opened = 0;
    for (let call = 1; call <= CALLS; call += 1) {
      const story = await run(call, call);
      if (story.lines[0] !== "open") {
        expect(story.lines).toEqual(["ended STORE_UNAVAILABLE"]);
        continue;
      }
      opened += 1;
      expect(story.failed).toHaveLength(1);
      expect(story.lines).toContain(`failed ${story.failed[0]} STORE_UNAVAILABLE true`);
      expect(story.lines).not.toContain("wrong");
      expect(story.lines.at(-1)).toBe("closed");
      // One call failed; the store has reopened the database by itself, and the next save is on disk.
      expect(story.saved).toHaveLength(SAVES - 1);
      await expectAcknowledged(story);
    }
    expect(opened).toBeGreaterThan(CALLS / 2);
  },
  60_000,
);

testWithFaults(
  "while fsync goes on failing nothing is acknowledged, and once it works again saves go on",
  async () => {
    const story = await run(8, 14);
    expect(story.lines[0]).toBe("open");
    expect(story.failed.length).toBeGreaterThan(1);
    const [first = 0] = story.failed;
    const last = first + story.failed.length - 1;
    expect(story.failed.at(-1)).toBe(last);
    expect(story.saved).toHaveLength(SAVES - story.failed.length);
    expect(story.saved.at(-1)).toBe(SAVES - 1);
    const rest = story.lines.filter((line) => !/^(open|saved \d+|closed|read)$/.test(line));
    for (const line of rest) expect(line).toMatch(/^(failed \d+|unread) STORE_UNAVAILABLE/);
    await expectAcknowledged(story);
  },
  60_000,
);

testWithFaults(
  "while fsync goes on failing what was acknowledged can be read, and no trace of trying is left",
  async () => {
    for (const from of [7, 8, 9]) {
      const story = await run(from, from + 10);
      expect(story.lines[0]).toBe("open");
      // More than one: the first failed in the database, the others before it was closed.
      expect(story.failed.length).toBeGreaterThan(5);
      expect(story.lines.filter((line) => line.startsWith("unread"))).toEqual([]);
      const readable = story.failed.filter((number) => number > (story.saved[0] ?? 0));
      expect(readable.length).toBeGreaterThan(0);
      expect(story.lines.filter((line) => line === "read")).toHaveLength(readable.length);
      expect(story.saved.at(-1)).toBe(SAVES - 1);
      expect(readdirSync(story.location)).not.toContain("sess-probe");
      await expectAcknowledged(story);
    }
  },
  60_000,
);
