import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";

interface Heap {
  readonly characters: number;
  readonly perSession: number;
  readonly left: number;
  readonly few: number;
}

// In a process of its own: under jest the heap holds too much else to be weighed.
describe("heap", () => {
  let heap: Heap;

  beforeAll(() => {
    const program = join(__dirname, "heap", "weigh.ts");
    const options = ["--expose-gc", "--import", "tsx", program];
    heap = JSON.parse(
      execFileSync(process.execPath, options, { cwd: __dirname, encoding: "utf8" }),
    );
  });

  test("data that was put together of many parts is kept as one piece", () => {
    expect(heap.perSession - heap.characters).toBeLessThan(300);
  });

  test("a sweep gives the heap of expired sessions back", () => {
    expect(heap.left).toBeLessThan(0.04 * heap.perSession);
  });

  test("of a session that was ended nothing is left, however few there were", () => {
    expect(heap.few).toBeLessThan(5_000);
  });
});
