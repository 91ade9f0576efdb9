/** @jest-config-loader esbuild-register */
import { availableParallelism } from "node:os";
import type { Config } from "jest";

// Tests run from source: no build stands between an edit and its test.
export default {
  testMatch: ["<rootDir>/packages/{*,internal/*}/test/**/*.test.ts"],
  transform: {
    "\\.c?[jt]s$": ["@swc/jest", { jsc: { target: "es2022" }, module: { type: "commonjs" } }],
  },
  // Codecs that come as ES modules only; copy-anything and is-what are superjson's. PGlite imports
  // while it runs, which needs a flag of Node's where it is not made a require. Fastify's inject() reads
  // cookies with a module.
  transformIgnorePatterns: [
    "/node_modules/(?!(devalue|superjson|copy-anything|is-what|@electric-sql|light-my-request/node_modules/cookie|cookie)/)",
  ],
  moduleNameMapper: {
    "^@sess/core/(conformance|adapter)$": "<rootDir>/packages/core/src/$1.ts",
    "^@sess/http/([a-z]+)$": "<rootDir>/packages/http/src/$1.ts",
    "^@sess/test-([a-z-]+)$": "<rootDir>/packages/internal/test-$1/src/index.ts",
    "^@sess/([a-z-]+)$": "<rootDir>/packages/$1/src/index.ts",
  },
  // Many tests wait for a disk, a server or a child: three workers keep two cores busy.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  // A worker is replaced when it has run a few files: each leaves jest an AsyncLocalStorage behind, and
  // on Node 20 every promise passes through all that there are. Tests at the end took six times as long.
  workerIdleMemoryLimit: "150MB",
  testTimeout: 20_000,
} satisfies Config;
