import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(`../../../src/${path}`, import.meta.url));

export default defineConfig({
  test: { include: ["test/conformance/runners/vitest.ts"] },
  resolve: {
    alias: [
      { find: /^@sess\/core\/conformance$/, replacement: source("conformance.ts") },
      { find: /^@sess\/core$/, replacement: source("index.ts") },
    ],
  },
});
