import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { bundle } from "../src/bundle.ts";
import { compileDiskFaults, withFaults } from "../src/disk-faults.ts";
import { handle, record } from "../src/records.ts";
import { allLines, start } from "../src/running.ts";
import { scratch } from "../src/scratch.ts";
import { testWith } from "../src/test-with.ts";

let program = "";
let library = "";

beforeAll(() => {
  program = bundle("slow.ts");
  library = compileDiskFaults();
});

for (const read of ["sync", "async"]) {
  testWith("cc")(`a slow fsync holds up writes and nothing else (reading ${read})`, async () => {
    const location = scratch();
    const count = join(scratch(), "count");
    const gate = join(scratch(), "gate");
    writeFileSync(gate, "");
    const env = withFaults(library, { files: ".log", gate, count });
    const lines = await allLines(start(program, [location, gate, read], { env }));
    expect(lines).toEqual([
      ...["begun", "loaded", "listed", "read another file", "had a turn"],
      ...["saved", "saved the last", "closed"],
    ]);
    // One save, 500 at once in batches, the last one: closing waits for a few calls of fsync,
    // however many saves there are.
    expect(statSync(count).size).toBeLessThan(8);
    await using store = await LevelStore.open(location);
    for (const number of [0, 1, 500, 501]) {
      expect(await store.load(handle(number))).toEqual(record(number));
    }
  });
}
