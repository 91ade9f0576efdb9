import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import { build } from "esbuild";

/** A warning sign, not an aim: core runs on servers, where clear code is worth more than bytes. */
const MOST_KILOBYTES = 12;

test(`core adds at most ${MOST_KILOBYTES} kB to a bundle, minified and gzipped`, async () => {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, "../src/index.ts")],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
  });
  const bytes = outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents).length, 0);
  expect(bytes / 1_000).toBeLessThanOrEqual(MOST_KILOBYTES);
});
