import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(`../../../src/${path}`, import.meta.url));

export default defineConfig({
  // The first case that needs another process waits for its start.
  test: { include: ["test/conformance/runners/vitest.ts"], testTimeout: 20_000 },
  resolve: {
    alias: [
      { find: /^@sess\/core\/conformance$/, replacement: source("conformance.ts") },
      { find: /^@sess\/core\/adapter$/, replacement: source("adapter.ts") },
      { find: /^@sess\/core$/, replacement: source("index.ts") },
    ],
  },
});
