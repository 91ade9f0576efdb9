import { describe, expect, test } from "@jest/globals";
import { readCommandLine } from "../src/command-line.ts";
import { SUITES } from "../src/suites.ts";

const read = (...words: string[]) => readCommandLine(words);

describe("a run of the benchmark", () => {
  test("is of everything, in five rounds, unless it is told otherwise", () => {
    const { suites, contenders, rounds } = read();
    expect(suites).toEqual(SUITES.map(({ name }) => name));
    expect(contenders).toContain("connect-redis");
    expect(rounds).toBe(5);
  });

  test("is of the suites and contenders that are named", () => {
    expect(read("level", "map", "sess-level", "--rounds", "7")).toMatchObject({
      suites: ["level"],
      contenders: ["sess-level", "map"],
      rounds: 7,
    });
  });

  test("that is quick has one round", () => {
    expect(read("--quick")).toMatchObject({ isQuick: true, rounds: 1 });
  });

  test.each([
    ["a name that nothing has", ["levle"], "memory, level"],
    ["no rounds", ["--rounds", "0"], "above 0"],
    ["an unknown option", ["--quik"], "--quik"],
  ])("is refused for %s", (_, words, reason) => {
    expect(() => read(...words)).toThrow(reason);
  });
});
