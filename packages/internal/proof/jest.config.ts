/** @jest-config-loader esbuild-register */
import type { Config } from "jest";
import everyRun from "../../../jest.config.ts";

// The long run, `npm run test:long`: the same tests with more of everything, and those that only it has.
process.env["SESS_EFFORT"] = "long";

export default {
  ...everyRun,
  rootDir: "../../..",
  testMatch: ["<rootDir>/packages/internal/proof/{test,long}/**/*.test.ts"],
  testTimeout: 3_600_000,
} satisfies Config;
