import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Program } from "@sess/test-support";

interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

interface Counts {
  readonly passed: number;
  readonly skipped: number;
  readonly failed: number;
}

const fixture = (name: string) => join("test", "conformance", "runners", name);

/** How each runner is started, and how to read the counts from its report. */
const runners = {
  "node:test": {
    args: ["--import", "tsx", "--test", "--test-reporter=tap", fixture("node.ts")],
    counts: (output: string): Counts => ({
      passed: Number(/^# pass (\d+)/m.exec(output)?.[1]),
      skipped: Number(/^# skipped (\d+)/m.exec(output)?.[1]),
      failed: Number(/^# fail (\d+)/m.exec(output)?.[1]),
    }),
  },
  mocha: {
    args: [
      ...["--import", "tsx", require.resolve("mocha/bin/mocha.js")],
      ...["--reporter", "json", "--timeout", "20000", fixture("mocha.ts")],
    ],
    counts(output: string): Counts {
      const { stats } = JSON.parse(output.slice(output.indexOf("{\n")));
      return { passed: stats.passes, skipped: stats.pending, failed: stats.failures };
    },
  },
  vitest: {
    args: [
      ...[require.resolve("vitest/vitest.mjs"), "run", "--reporter", "json"],
      ...["--config", fixture("vitest.config.ts")],
    ],
    counts(output: string): Counts {
      const { numPassedTests, numPendingTests, numFailedTests } = JSON.parse(
        output.slice(output.indexOf('{"numTotal')),
      );
      return { passed: numPassedTests, skipped: numPendingTests, failed: numFailedTests };
    },
  },
};

async function run(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  // A runner must not see the variables that another one, such as this one, sets for its children.
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, VITEST: ___, ...inherited } = process.env;
  const program = new Program([process.execPath, ...args], {
    cwd: join(__dirname, "../.."),
    env: { ...inherited, ...variables },
  });
  const closed = once(program.process, "close");
  const lines = await program.allLines();
  await closed;
  return { code: program.process.exitCode, output: lines.join("\n") };
}

describe.each(Object.entries(runners))("under %s", (_, { args, counts }) => {
  test("the suite passes, and cases about methods that the store lacks are skipped", async () => {
    const { code, output } = await run(args);
    expect(output).not.toContain("anotherProcess:");
    const { passed, skipped, failed } = counts(output);
    expect({ code, failed }).toEqual({ code: 0, failed: 0 });
    expect(passed).toBeGreaterThan(100);
    expect(skipped).toBeGreaterThan(10);
  }, 60_000);

  test("a store that breaks the contract fails the run", async () => {
    const { code, output } = await run(args, { BROKEN: "1" });
    expect(code).not.toBe(0);
    expect(counts(output).failed).toBeGreaterThan(10);
    expect(output).toContain("revision: a later revision is refused if there is no record");
  }, 60_000);
});
