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
import { afterEach, beforeAll, expect, test } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { bundle } from "../src/bundle.ts";
import { Examiner } from "../src/damage/examiner.ts";
import { makeSpecimen } from "../src/damage/specimen.ts";
import { effort } from "../src/effort.ts";
import { Random } from "../src/random.ts";
import { handle, record } from "../src/records.ts";
import { scratch } from "../src/scratch.ts";
import { tally } from "../src/tally.ts";

const PATIENCE = effort(60_000, 3_600_000);

let specimen = "";
let examiner: Examiner;

beforeAll(async () => {
  specimen = scratch();
  await makeSpecimen(specimen);
  examiner = new Examiner(bundle("examine.ts"));
});

afterEach(() => examiner.end());

const KINDS = {
  table: /\.ldb$/,
  log: /\.log$/,
  MANIFEST: /^MANIFEST/,
  CURRENT: /^CURRENT$/,
} as const;

function filesOf(location: string, kind: keyof typeof KINDS): string[] {
  return readdirSync(location).filter((name) => KINDS[kind].test(name));
}

/** Examines copies of the specimen, each damaged in another way, and counts. */
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
      for (const kind of ["right", "missing", "older", "back", "refused", "wrong"] as const) {
        counts[kind] += found[kind];
      }
    }
    rmSync(location, { recursive: true });
  }
  return { counts, codes: [...codes] };
}

/** Turns single bits over, spread evenly over the files of one kind. */
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
    `a bit that has turned over in a ${kind} gives no wrong value`,
    async () => {
      const seed = 1 + Math.floor(Math.random() * 2 ** 31);
      const cases = effort(25, kind === "CURRENT" ? 128 : 1000);
      const { counts, codes } = await examineAll(flips(kind, cases, seed));
      expect({ seed, wrong: counts.wrong, codes }).toEqual({
        seed,
        wrong: 0,
        codes: counts["refused to open"] > 0 ? ["STORE_CORRUPT"] : [],
      });
      expect(counts.cases).toBe(cases);
      tally(`bits turned over in a ${kind}`, counts);
    },
    PATIENCE,
  );
}

for (const kind of ["MANIFEST", "CURRENT"] as const) {
  test(
    `a ${kind} that was cut anywhere gives no wrong value`,
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
      tally(`${kind} cut`, counts);
    },
    PATIENCE,
  );
}

/** Synced saves and deletes, and how long the log was after each. */
async function logged() {
  const location = scratch();
  const store = await LevelStore.open(location);
  const [log = ""] = filesOf(location, "log");
  const lengths: number[] = [];
  for (let number = 0; number < 14; number += 1) {
    if (number % 3 === 2) await store.delete(handle(number - 1));
    else await store.save(handle(number), record(number));
    lengths.push(statSync(join(location, log)).size);
  }
  await store.close();
  return { location, log, lengths };
}

/** What the first so many of these changes leave, by number. */
function remaining(changes: number): number[] {
  const numbers = new Set<number>();
  for (let number = 0; number < changes; number += 1) {
    if (number % 3 === 2) numbers.delete(number - 1);
    else numbers.add(number);
  }
  return [...numbers];
}

test(
  "a log that was cut anywhere opens with exactly what was whole before the cut",
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
      const listed: string[] = [];
      for await (const [key] of store.list()) listed.push(key);
      expect([cut, listed]).toEqual([cut, whole.map(handle)]);
      for (const number of whole) expect(await store.load(handle(number))).toEqual(record(number));
      await store.close();
      rmSync(copy, { recursive: true });
    }
    tally("log cut", { offsets: cuts.length });
  },
  PATIENCE,
);
