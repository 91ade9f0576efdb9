import { describe, expect, test } from "@jest/globals";
import { readArguments } from "../src/arguments.ts";

const known = { suites: ["memory", "level"], contenders: ["sess", "map"] };

const read = (...words: string[]) => readArguments(words, known);

describe("a run of the benchmark", () => {
  test("is of everything, in five rounds, unless it is told otherwise", () => {
    expect(read()).toMatchObject({ suites: known.suites, contenders: [], rounds: 5 });
  });

  test("is of the suites and contenders that are named", () => {
    const asked = read("level", "--contender", "map", "--contender", "sess", "--rounds", "7");
    expect(asked).toMatchObject({ suites: ["level"], contenders: ["map", "sess"], rounds: 7 });
  });

  test("that is quick has one round", () => {
    expect(read("--quick")).toMatchObject({ isQuick: true, rounds: 1 });
  });

  test.each([
    ["a suite that there is not", ["levle"], "there are memory, level"],
    ["a contender that there is not", ["--contender", "mpa"], "there are sess, map"],
    ["no rounds", ["--rounds", "0"], "above 0"],
    ["an option that there is not", ["--quik"], "--quik"],
  ])("is refused for %s", (_, words, reason) => {
    expect(() => read(...words)).toThrow(reason);
  });
});
