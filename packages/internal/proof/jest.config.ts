/** @jest-config-loader esbuild-register */
import { join } from "node:path";
import type { Config } from "jest";
import everyRun from "../../../jest.config.ts";

// The long run, `npm run test:long`: the same tests with more of everything, and those that only it has.
// Workers inherit both variables.
const startedAt = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
process.env["SESS_EFFORT"] = "long";
process.env["SESS_RESULTS"] ??= join(__dirname, "results", `long-run-${startedAt}.jsonl`);

export default {
  ...everyRun,
  rootDir: "../../..",
  testMatch: ["<rootDir>/packages/internal/proof/{test,long}/**/*.test.ts"],
  testTimeout: 3_600_000,
} satisfies Config;
