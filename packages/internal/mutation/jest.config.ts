/** @jest-config-loader esbuild-register */
import { join } from "node:path";
import type { Config } from "jest";
import everyRun from "../../../jest.config.ts";

// For Stryker, which runs it in a copy of the repository.
export default {
  ...everyRun,
  rootDir: "../../..",
  testEnvironment: join(__dirname, "src/fail-fast-environment.cjs"),
  testSequencer: join(__dirname, "src/nearby-first.cjs"),
  testMatch: ["<rootDir>/packages/internal/mutation/src/*.suite.ts"],
  testTimeout: 10_000,
} satisfies Config;
