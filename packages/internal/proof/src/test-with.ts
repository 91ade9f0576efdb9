import { spawnSync } from "node:child_process";
import { test } from "@jest/globals";
import { asRoot } from "./as-root.ts";

/** What a test cannot do without. */
export type Need = "root" | "cc" | "mkfs.ext4" | "unshare";

/**
 * `test` on Linux where all that is there; elsewhere the test is skipped and its name says what is
 * missing. On Linux in CI nothing is skipped: what is missing there fails.
 */
export function testWith(
  ...needs: Need[]
): (name: string, run: () => unknown, ms?: number) => void {
  const missing = process.platform === "linux" ? needs.filter((need) => !has(need)) : ["Linux"];
  const must = process.platform === "linux" && process.env["CI"] === "true";
  if (missing.length === 0 || must) {
    return (name, run, ms) => {
      test(name, async () => void (await run()), ms);
    };
  }
  return (name, run, ms) => {
    test.skip(
      `${name} (skipped: needs ${missing.join(" and ")})`,
      async () => void (await run()),
      ms,
    );
  };
}

function has(need: Need): boolean {
  if (need === "root") return succeeds(...asRoot("true"));
  return (
    succeeds(...asRoot("sh", "-c", `command -v ${need}`)) ||
    succeeds("sh", "-c", `command -v ${need}`)
  );
}

function succeeds(file: string, ...args: string[]): boolean {
  return spawnSync(file, args, { stdio: "ignore" }).status === 0;
}
