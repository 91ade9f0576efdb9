import { describe, expect, test } from "@jest/globals";
import { linearize } from "../src/history/linearize.ts";
import type { Operation, Specification } from "../src/history/operation.ts";

/** A register: "=3" writes, "?" reads. */
const REGISTER: Specification<string, string, string> = {
  initial: "0",
  keyOf: (state) => state,
  isRead: (call) => call === "?",
  apply: (state, call) => {
    if (call === "?") return { next: state, answer: state };
    return { next: call.slice(1), answer: "ok" };
  },
};

const NEVER = Number.POSITIVE_INFINITY;

/** A call with its start and end; without an answer nobody knows what came of it. */
type Line = readonly [start: number, end: number, call: string, answer?: string];

function history(lines: readonly Line[]): Operation<string, string>[] {
  return lines.map(([start, end, call, answer]) => {
    return { start, end, call, answer: answer === undefined ? undefined : { is: answer } };
  });
}

const GOOD: Record<string, readonly Line[]> = {
  "nothing at all": [],
  "calls one after another": [
    [1, 2, "=1", "ok"],
    [3, 4, "?", "1"],
    [5, 6, "=2", "ok"],
    [7, 8, "?", "2"],
  ],
  "a read beside a write, before it": [
    [1, 4, "=1", "ok"],
    [2, 3, "?", "0"],
  ],
  "a read beside a write, after it": [
    [1, 4, "=1", "ok"],
    [2, 3, "?", "1"],
  ],
  "reads beside a write that see it come": [
    [1, 10, "=1", "ok"],
    [2, 3, "?", "0"],
    [4, 5, "?", "1"],
    [6, 7, "?", "1"],
  ],
  "two writes at once, in the order that a read shows": [
    [1, 5, "=1", "ok"],
    [2, 6, "=2", "ok"],
    [7, 8, "?", "1"],
  ],
  "a write of unknown outcome that took effect": [
    [1, NEVER, "=1"],
    [2, 3, "?", "1"],
  ],
  "one that took effect long after": [
    [1, NEVER, "=1"],
    [2, 3, "?", "0"],
    [4, 5, "=2", "ok"],
    [6, 7, "?", "2"],
    [8, 9, "?", "1"],
  ],
  "one that never did": [
    [1, NEVER, "=1"],
    [2, 3, "?", "0"],
    [4, 5, "?", "0"],
  ],
};

const BAD: Record<string, readonly Line[]> = {
  "a read of what was never written": [[1, 2, "?", "1"]],
  "a read that misses a write which had ended": [
    [1, 2, "=1", "ok"],
    [3, 4, "?", "0"],
  ],
  "a read of what is yet to be written": [
    [1, 2, "?", "1"],
    [3, 4, "=1", "ok"],
  ],
  "reads beside a write that see it come and go": [
    [1, 10, "=1", "ok"],
    [2, 3, "?", "1"],
    [4, 5, "?", "0"],
  ],
  "two readers that disagree about the order": [
    [1, 4, "=1", "ok"],
    [2, 5, "=2", "ok"],
    [6, 7, "?", "1"],
    [8, 9, "?", "2"],
  ],
  "a write of unknown outcome that came, went, and came again": [
    [1, NEVER, "=1"],
    [2, 3, "?", "1"],
    [4, 5, "=2", "ok"],
    [6, 7, "?", "1"],
  ],
  "one that took effect before it was asked for": [
    [1, 2, "?", "1"],
    [3, NEVER, "=1"],
  ],
};

describe("a history is explained that has", () => {
  test.each(Object.entries(GOOD))("%s", (_, lines) => {
    expect(linearize(history(lines), REGISTER)).toBeUndefined();
  });
});

test("what changes nothing at first may do so later", () => {
  // A flag that is set, and a call that puts it out and gives no hint whether it was set.
  const flag: Specification<boolean, string, string> = {
    initial: false,
    keyOf: String,
    isRead: (call) => call === "?",
    apply: (state, call) => {
      if (call === "?") return { next: state, answer: String(state) };
      return { next: call === "set", answer: "ok" };
    },
  };
  const lines: Line[] = [
    [1, 6, "put out", "ok"],
    [2, 3, "set", "ok"],
    [7, 8, "?", "false"],
  ];
  expect(linearize(history(lines), flag)).toBeUndefined();
});

describe("no order explains", () => {
  test.each(Object.entries(BAD))("%s", (_, lines) => {
    expect(linearize(history(lines), REGISTER)).toBeDefined();
  });
});

test("the order in which a history was written down does not matter", () => {
  for (const lines of Object.values(GOOD)) {
    expect(linearize(history(lines.toReversed()), REGISTER)).toBeUndefined();
  }
});

test("what could not be explained is told", () => {
  const lines: Line[] = [
    [1, 2, "=1", "ok"],
    [3, 4, "?", "7"],
  ];
  expect(linearize(history(lines), REGISTER)).toEqual({
    explained: 1,
    state: "1",
    next: history([[3, 4, "?", "7"]]),
  });
});

test("calls that are all open at once are sorted out", () => {
  const writes = Array.from({ length: 7 }, (_, n): Line => [n + 1, 100 + n, `=${n}`, "ok"]);
  const reads = Array.from({ length: 7 }, (_, n): Line => [20 + n * 2, 21 + n * 2, "?", `${n}`]);
  expect(linearize(history([...writes, ...reads.toReversed()]), REGISTER)).toBeUndefined();
  const again: Line[] = [
    [50, 51, "?", "0"],
    [52, 53, "?", "1"],
  ];
  expect(linearize(history([...writes, ...reads, ...again]), REGISTER)).toBeDefined();
});
