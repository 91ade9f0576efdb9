import {
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { collect, handle, scratch } from "@sess/test-support";
import { Examiner } from "../src/damage/examiner.ts";
import { makeSpecimen } from "../src/damage/specimen.ts";
import { effort } from "../src/effort.ts";
import { numberedRecord } from "../src/numbered-record.ts";
import { newSeed, Random } from "../src/random.ts";
import { report } from "../src/results.ts";

const TIMEOUT = effort(60_000, 3_600_000);

let specimen = "";
let examiner: Examiner;

beforeAll(async () => {
  specimen = scratch();
  await makeSpecimen(specimen);
  examiner = new Examiner();
});

const KINDS = {
  table: /\.ldb$/,
  log: /\.log$/,
  MANIFEST: /^MANIFEST/,
  CURRENT: /^CURRENT$/,
} as const;

const FINDINGS = ["right", "missing", "older", "back", "refused", "wrong"] as const;

function filesOf(location: string, kind: keyof typeof KINDS): string[] {
  return readdirSync(location).filter((name) => KINDS[kind].test(name));
}

/** Examines copies of the specimen, each damaged in its own way, and counts what is found. */
async function examineAll(damages: Iterable<(location: string) => void>) {
  const counts = {
    ...{ cases: 0, opened: 0, "refused to open": 0, "process ended": 0 },
    ...{ right: 0, missing: 0, older: 0, back: 0, refused: 0, wrong: 0 },
  };
  const codes = new Set<string>();
  const base = scratch();
  for (const damage of damages) {
    const location = join(base, String(counts.cases));
    cpSync(specimen, location, { recursive: true });
    damage(location);
    const found = await examiner.examine(location);
    counts.cases += 1;
    if (found === undefined) counts["process ended"] += 1;
    else if (typeof found === "string") {
      counts["refused to open"] += 1;
      codes.add(found);
    } else {
      counts.opened += 1;
      for (const kind of FINDINGS) counts[kind] += found[kind];
    }
    rmSync(location, { recursive: true });
  }
  return { counts, codes: [...codes] };
}

/** Flips single bits, spread evenly over the files of one kind. */
function* flips(kind: keyof typeof KINDS, cases: number, seed: number) {
  const random = new Random(seed);
  for (let at = 0; at < cases; at += 1) {
    const name = random.pick(filesOf(specimen, kind));
    yield (location: string) => {
      const path = join(location, name);
      const bytes = readFileSync(path);
      const position = Math.floor(((at + random.below(1000) / 1000) / cases) * bytes.length);
      bytes[position] = (bytes[position] ?? 0) ^ (1 << random.below(8));
      writeFileSync(path, bytes);
    };
  }
}

for (const kind of ["table", "log", "MANIFEST", "CURRENT"] as const) {
  test(
    `a flipped bit in a ${kind} gives no wrong value`,
    async () => {
      const seed = newSeed();
      const cases = effort(25, kind === "CURRENT" ? 128 : 1000);
      const { counts, codes } = await examineAll(flips(kind, cases, seed));
      expect({ seed, wrong: counts.wrong, codes }).toEqual({
        seed,
        wrong: 0,
        codes: counts["refused to open"] > 0 ? ["STORE_CORRUPT"] : [],
      });
      expect(counts.cases).toBe(cases);
      report(`bits flipped in a ${kind}`, counts);
    },
    TIMEOUT,
  );
}

for (const kind of ["MANIFEST", "CURRENT"] as const) {
  test(
    `a ${kind} cut anywhere gives no wrong value`,
    async () => {
      const [name = ""] = filesOf(specimen, kind);
      const { size } = statSync(join(specimen, name));
      const step = Math.ceil(size / effort(20, size));
      const lengths = Array.from({ length: Math.ceil(size / step) }, (_, index) => index * step);
      const cuts = lengths.map(
        (length) => (location: string) => truncateSync(join(location, name), length),
      );
      const { counts, codes } = await examineAll(cuts);
      expect({ wrong: counts.wrong, codes }).toEqual({ wrong: 0, codes: ["STORE_CORRUPT"] });
      report(`${kind} cut`, counts);
    },
    TIMEOUT,
  );
}

/** Synced saves and deletes, and the length of the log after each. */
async function logged() {
  const location = scratch();
  const store = await LevelStore.open(location);
  const [log = ""] = filesOf(location, "log");
  const lengths: number[] = [];
  for (let number = 0; number < 14; number += 1) {
    if (number % 3 === 2) await store.delete(handle(number - 1));
    else await store.save(handle(number), numberedRecord(number));
    lengths.push(statSync(join(location, log)).size);
  }
  await store.close();
  return { location, log, lengths };
}

/** The numbers of the sessions that the first of these changes leave. */
function remaining(changes: number): number[] {
  const numbers = new Set<number>();
  for (let number = 0; number < changes; number += 1) {
    if (number % 3 === 2) numbers.delete(number - 1);
    else numbers.add(number);
  }
  return [...numbers];
}

test(
  "a log cut anywhere opens with exactly what was whole before the cut",
  async () => {
    const { location, log, lengths } = await logged();
    const size = lengths.at(-1) ?? 0;
    const step = Math.ceil(size / effort(60, size));
    const around = lengths.flatMap((length) => [length - 1, length]);
    const spread = Array.from({ length: Math.ceil(size / step) }, (_, index) => index * step);
    const cuts = [...new Set([...spread, ...around])];
    const base = scratch();
    for (const cut of cuts) {
      const copy = join(base, String(cut));
      cpSync(location, copy, { recursive: true });
      truncateSync(join(copy, log), cut);
      const whole = remaining(lengths.filter((length) => length <= cut).length);
      const store = await LevelStore.open(copy);
      const listed = (await collect(store.list())).map(([found]) => found);
      expect([cut, listed]).toEqual([cut, whole.map(handle)]);
      for (const number of whole) {
        expect(await store.load(handle(number))).toEqual(numberedRecord(number));
      }
      await store.close();
      rmSync(copy, { recursive: true });
    }
    report("log cut", { offsets: cuts.length });
  },
  TIMEOUT,
);
