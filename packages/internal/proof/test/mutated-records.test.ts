import { describe, expect, test } from "@jest/globals";
import { effort } from "../src/effort.ts";
import { mutated } from "../src/hostile/mutation.ts";
import { type Options, Victim } from "../src/hostile/victim.ts";
import { report } from "../src/results.ts";

interface Kind {
  readonly name: string;
  readonly options: Options;
  /** The options that the record was written with, where they differ. */
  readonly written?: Options;
  /** How many in every run; the long one has twenty times as many. */
  readonly runs: number;
}

const kinds: readonly Kind[] = [
  { name: "plain", options: {}, runs: 40_000 },
  { name: "with a custom codec", options: { codec: JSON }, runs: 15_000 },
  { name: "sealed", options: { encrypt: true }, runs: 15_000 },
  { name: "plain, to be sealed", options: { encrypt: "migrate" }, written: {}, runs: 10_000 },
];

const TIMEOUT = 30 * 60_000;

describe.each(kinds)("an altered record, $name,", ({ name, options, written, runs }) => {
  test(
    "is a session or RECORD_CORRUPT, never a crash or a changed prototype",
    async () => {
      const victim = await Victim.create(options, written);
      const count = effort(runs, 20 * runs);
      const verdicts = await victim.suffer(count, (record, random) => ({
        ...record,
        data: mutated(record.data, random),
      }));
      expect(verdicts.refused).toBeGreaterThan(count / 4);
      expect(verdicts["a session"]).toBeGreaterThan(count / 1_000);
      report(`altered records, ${name}`, verdicts);
    },
    TIMEOUT,
  );

  test("that nobody has altered is a session", async () => {
    const victim = await Victim.create(options, written);
    const verdicts = await victim.suffer(10, (record) => record);
    expect(verdicts).toEqual({ "a session": 10, none: 0, refused: 0 });
  });
});

describe("in the place of a record,", () => {
  test(
    "an altered forwarding record is none or RECORD_CORRUPT, and its end ends no other session",
    async () => {
      const victim = await Victim.create({});
      await victim.moveOn();
      const count = effort(10_000, 200_000);
      const verdicts = await victim.suffer(count, (record, random) => ({
        ...record,
        data: mutated(record.data, random),
      }));
      expect(verdicts.none).toBeGreaterThan(0);
      expect(verdicts.refused).toBeGreaterThan(count / 4);
      expect(verdicts.none + verdicts.refused).toBe(count);
      report("altered forwarding records", verdicts);
    },
    TIMEOUT,
  );

  test(
    "a record with odd fields is a session, none or RECORD_CORRUPT",
    async () => {
      const victim = await Victim.create({});
      const count = effort(10_000, 200_000);
      const verdicts = await victim.suffer(count, (record, random) => {
        const field = random.pick(["revision", "createdAt", "expiresAt", "owner", "data"] as const);
        return { ...record, [field]: ODD[random.below(ODD.length)] };
      });
      expect(verdicts.refused).toBeGreaterThan(count / 4);
      expect(verdicts["a session"]).toBeGreaterThan(count / 100);
      report("records with odd fields", verdicts);
    },
    TIMEOUT,
  );
});

/** What an engine might give back for a number or a text that somebody altered. */
const ODD: readonly unknown[] = [
  undefined,
  null,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  0,
  -0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  8.64e15 + 1,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  3_000_000_000,
  10n ** 30n,
  "",
  "0",
  "1",
  "\0",
  "text",
  String(Date.now()),
  true,
  [],
  {},
  ["text"],
  new Date(),
  Buffer.from("text"),
];
