import type { StdioOptions } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { orSkip } from "@sess/test-servers";
import { afterTest, expectCode, handle, Program, scratch } from "@sess/test-support";
import { effort } from "../src/effort.ts";
import { asRoot, missing, runAsRoot } from "../src/needs.ts";
import { numberedRecord } from "../src/numbered-record.ts";
import { programFile } from "../src/program-file.ts";
import { report } from "../src/results.ts";

const PROCESSES = 12;
const ROUNDS = effort(3, 25);

let opener = "";
let crasher = "";

beforeAll(() => {
  opener = programFile("open-on-order");
  crasher = programFile("crash");
});

/** All at once; gives what came of each. */
async function race(racers: readonly Program[], location: string): Promise<string[]> {
  for (const racer of racers) racer.tell(location);
  return Promise.all(racers.map((racer) => racer.line()));
}

test(
  "of 12 processes that open a directory at once one gets it, and when that is killed, another does",
  async () => {
    const racers = Array.from({ length: PROCESSES }, () => Program.node(opener));
    const ready = await Promise.all(racers.map((racer) => racer.line()));
    expect(ready).toEqual(racers.map(() => "ready"));
    for (let round = 0; round < ROUNDS; round += 1) {
      const location = join(scratch(), "sessions");
      const answers = await race(racers, location);
      const refused = answers.filter((each) => each === "STORE_LOCKED");
      expect([answers.filter((each) => each === "open"), refused]).toEqual([
        ["open"],
        Array.from({ length: PROCESSES - 1 }, () => "STORE_LOCKED"),
      ]);
      if (round < ROUNDS - 1) continue;
      const [owner] = racers.filter((_, index) => answers[index] === "open");
      await owner?.kill();
      const others = racers.filter((each) => each !== owner);
      const after = await race(others, location);
      expect(after.filter((each) => each === "open")).toHaveLength(1);
    }
    report("12 processes race for a directory", { rounds: ROUNDS });
  },
  effort(60_000, 600_000),
);

/** The command line that runs a program in namespaces of its own, as a container does. */
function inNamespaces(kinds: readonly string[], ...command: string[]): string[] {
  const user = ["--setuid", String(process.getuid?.()), "--setgid", String(process.getgid?.())];
  // Process 1 is a shell, so that the program is an ordinary process, and always number 2.
  const shell = ["sh", "-c", '"$@"; exit 0', "sh", process.execPath, ...command];
  return asRoot("unshare", ...kinds, "--fork", ...user, ...shell);
}

orSkip(test, missing("root", "unshare"))(
  "a crashed owner locks nobody out, not even one with the same process id",
  async () => {
    const location = scratch();
    for (const number of [1, 2, 3]) {
      const command = inNamespaces(["--pid", "--net"], crasher, location, String(number));
      // The shell says on stderr that it was killed.
      const stdio: StdioOptions = ["ignore", "pipe", "ignore"];
      expect(await new Program(command, { stdio }).allLines()).toEqual(["saved as 2"]);
    }
    await using store = await LevelStore.open(location);
    for (const number of [1, 2, 3]) {
      expect(await store.load(handle(number))).toEqual(numberedRecord(number));
    }
  },
);

orSkip(test, missing("root", "unshare"))(
  "a living owner locks out a process in namespaces of its own, as in another container",
  async () => {
    const location = scratch();
    await using store = await LevelStore.open(location);
    const command = inNamespaces(["--pid", "--net"], crasher, location, "1");
    expect(await new Program(command).allLines()).toEqual(["STORE_LOCKED"]);
    expect(await store.save(handle(2), numberedRecord(2))).toBe(true);
  },
);

orSkip(test, missing("root"))(
  "a directory that is open is locked under its other mounts, too",
  async () => {
    const [location, mounted] = [scratch(), scratch()];
    runAsRoot("mount", "--bind", location, mounted);
    afterTest(() => runAsRoot("umount", mounted));
    await using store = await LevelStore.open(location);
    await expectCode(LevelStore.open(mounted), "STORE_LOCKED");
    expect(await Program.node(crasher, [mounted, "1"]).allLines()).toEqual(["STORE_LOCKED"]);
    // Copying it gives LevelDB's own lock away.
    cpSync(location, join(scratch(), "copy"), { recursive: true });
    expect(await Program.node(crasher, [mounted, "1"]).allLines()).toEqual(["STORE_LOCKED"]);
    expect(await store.save(handle(2), numberedRecord(2))).toBe(true);
  },
);

orSkip(test, missing("root", "unshare"))(
  "an owner that gave LevelDB's lock away acknowledges nothing once another container has got in",
  async () => {
    const location = scratch();
    await using store = await LevelStore.open(location);
    expect(await store.save(handle(1), numberedRecord(1))).toBe(true);
    cpSync(location, join(scratch(), "copy"), { recursive: true });
    const kinds = ["--pid", "--net", "--mount-proc"];
    const command = inNamespaces(kinds, crasher, location, "2");
    const stdio: StdioOptions = ["ignore", "pipe", "ignore"];
    expect(await new Program(command, { stdio }).allLines()).toEqual(["saved as 2"]);
    for (const number of [3, 4, 5]) {
      await expectCode(store.save(handle(number), numberedRecord(number)), "STORE_LOCKED");
    }
  },
);
