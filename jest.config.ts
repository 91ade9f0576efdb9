/** @jest-config-loader esbuild-register */
import type { Config } from "jest";

// Tests run from source: no build stands between an edit and its test.
export default {
  testMatch: ["<rootDir>/packages/*/test/**/*.test.ts"],
  transform: {
    "\\.[jt]s$": ["@swc/jest", { jsc: { target: "es2022" }, module: { type: "commonjs" } }],
  },
  // Codecs that come as ES modules only; copy-anything and is-what are superjson's.
  transformIgnorePatterns: ["/node_modules/(?!(devalue|superjson|copy-anything|is-what)/)"],
  moduleNameMapper: {
    "^@sess/core/conformance$": "<rootDir>/packages/core/src/conformance.ts",
    "^@sess/([a-z-]+)$": "<rootDir>/packages/$1/src/index.ts",
  },
  testTimeout: 20_000,
} satisfies Config;
