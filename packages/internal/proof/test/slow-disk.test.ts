import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { orSkip } from "@sess/test-servers";
import { handle, Program, scratch } from "@sess/test-support";
import { compileDiskFaults, withFaults } from "../src/disk/disk-faults.ts";
import { missing } from "../src/needs.ts";
import { numberedRecord } from "../src/numbered-record.ts";
import { programFile } from "../src/program-file.ts";

let program = "";
let library = "";

beforeAll(() => {
  program = programFile("slow");
  library = compileDiskFaults();
});

orSkip(test, missing("cc")).each(["sync", "async"])(
  "a slow fsync holds up writes and nothing else (read: %s)",
  async (read) => {
    const location = scratch();
    const count = join(scratch(), "count");
    const gate = join(scratch(), "gate");
    writeFileSync(gate, "");
    const env = withFaults(library, { files: ".log", gate, count });
    const lines = await Program.node(program, [location, gate, read], { env }).allLines();
    expect(lines).toEqual([
      ...["begun", "loaded", "listed", "read another file", "slept"],
      ...["saved", "saved the last", "closed"],
    ]);
    // One save, 500 at once in batches, the last one: closing waits for a few calls of fsync, however
    // many saves there are.
    expect(statSync(count).size).toBeLessThan(8);
    await using store = await LevelStore.open(location);
    for (const number of [0, 1, 500, 501]) {
      expect(await store.load(handle(number))).toEqual(numberedRecord(number));
    }
  },
);
