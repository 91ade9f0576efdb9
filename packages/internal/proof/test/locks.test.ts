import type { ChildProcess, StdioOptions } from "node:child_process";
import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { asRoot } from "../src/as-root.ts";
import { bundle } from "../src/bundle.ts";
import { effort } from "../src/effort.ts";
import { handle, record } from "../src/records.ts";
import { allLines, killed, linesOf, start, startCommand } from "../src/running.ts";
import { scratch } from "../src/scratch.ts";
import { tally } from "../src/tally.ts";
import { testWith } from "../src/test-with.ts";

const PROCESSES = 12;
const ROUNDS = effort(3, 25);

let opener = "";
let crasher = "";

beforeAll(() => {
  opener = bundle("open-on-order.ts");
  crasher = bundle("crash.ts");
});

interface Racer {
  readonly child: ChildProcess;
  readonly answers: AsyncIterableIterator<string>;
}

function racer(): Racer {
  const child = start(opener, []);
  return { child, answers: linesOf(child) };
}

async function answer({ answers }: Racer): Promise<string> {
  const { value } = await answers.next();
  return String(value);
}

/** All at once; what came of each. */
async function race(racers: readonly Racer[], location: string): Promise<string[]> {
  for (const { child } of racers) child.stdin?.write(`${location}\n`);
  return Promise.all(racers.map(answer));
}

test(
  "of 12 processes that open a directory at once one has it, and when that is killed another",
  async () => {
    const racers = Array.from({ length: PROCESSES }, racer);
    expect(await Promise.all(racers.map(answer))).toEqual(racers.map(() => "ready"));
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
      if (owner) await killed(owner.child);
      const others = racers.filter((each) => each !== owner);
      const after = await race(others, location);
      expect(after.filter((each) => each === "open")).toHaveLength(1);
    }
    tally("12 processes race for a directory", { rounds: ROUNDS });
  },
  effort(60_000, 600_000),
);

/** The command line that runs a program in a container of the poor: namespaces of its own. */
function inNamespaces(kinds: readonly string[], ...command: string[]): string[] {
  const user = ["--setuid", String(process.getuid?.()), "--setgid", String(process.getgid?.())];
  // A shell is process 1, so that the program is an ordinary one, and always number 2.
  const shell = ["sh", "-c", '"$@"; exit 0', "sh", process.execPath, ...command];
  return asRoot("unshare", ...kinds, "--fork", ...user, ...shell);
}

testWith("root", "unshare")(
  "a crashed owner locks nobody out, not even one with the same process id",
  async () => {
    const location = scratch();
    for (const number of [1, 2, 3]) {
      const command = inNamespaces(["--pid", "--net"], crasher, location, String(number));
      // The shell says on stderr that it was killed.
      const stdio: StdioOptions = ["ignore", "pipe", "ignore"];
      expect(await allLines(startCommand(command, { stdio }))).toEqual(["saved as 2"]);
    }
    await using store = await LevelStore.open(location);
    for (const number of [1, 2, 3]) {
      expect(await store.load(handle(number))).toEqual(record(number));
    }
  },
);

testWith("root", "unshare")(
  "a living owner locks out a process in namespaces of its own, as in another container",
  async () => {
    const location = scratch();
    await using store = await LevelStore.open(location);
    const command = inNamespaces(["--pid", "--net"], crasher, location, "1");
    expect(await allLines(startCommand(command))).toEqual(["STORE_LOCKED"]);
    expect(await store.save(handle(2), record(2))).toBe(true);
  },
);
