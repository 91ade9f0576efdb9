import { describe, expect, test } from "@jest/globals";
import { Results } from "../src/results/results.ts";
import { tableOf } from "../src/results/table.ts";

const place = { size: "0.6 KB", sessions: 10_000 };

/** A measurement of a read, in µs, with half as much processor time. */
const read = (micros: number, atOnce = 1) =>
  [
    { access: "read", atOnce, unit: "µs", value: micros },
    { access: "read", atOnce, unit: "CPU µs", value: micros / 2 },
  ] as const;

const bare = (micros: number) =>
  [
    { access: "bare", atOnce: 1, unit: "µs", value: micros },
    { access: "bare", atOnce: 1, unit: "CPU µs", value: micros / 2 },
  ] as const;

describe("a result", () => {
  test("is the median of the rounds", () => {
    const results = new Results();
    const query = { ...place, suite: "redis", contender: "sess-redis" };
    for (const micros of [12, 900, 11]) results.add(query, read(micros));
    expect(results.netMedian({ ...query, access: "read", atOnce: 1, unit: "µs" })).toBe(12);
  });

  test("leaves out the framework's own share, also with 64 accesses at once", () => {
    const results = new Results();
    const query = { ...place, suite: "path", contender: "koa-session" };
    results.add(query, [...read(30, 64), ...bare(10)]);
    expect(results.netMedian({ ...query, access: "read", atOnce: 64, unit: "µs" })).toBe(20);
  });
});

describe("the table", () => {
  test("compares each contender with the first of its block", () => {
    const results = new Results();
    results.add({ ...place, suite: "redis", contender: "sess-redis" }, read(50));
    results.add({ ...place, suite: "redis", contender: "connect-redis" }, read(100));
    expect(tableOf(results)).toMatch(/redis: 10,000 sessions of 0\.6 KB, 1 at once/);
    expect(tableOf(results)).toMatch(/sess-redis +│ +20K 1×/);
    expect(tableOf(results)).toMatch(/connect-redis +│ +10K 2×/);
  });

  test("shows amounts with their unit", () => {
    const results = new Results();
    const heap = { access: "heap", atOnce: 1, unit: "bytes", value: 785 } as const;
    results.add({ ...place, suite: "heap", contender: "sess-manager" }, [heap]);
    expect(tableOf(results)).toMatch(/sess-manager .*785 bytes 1×/);
  });
});
