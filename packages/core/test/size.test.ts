import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import { build } from "esbuild";

const ROOT = join(__dirname, "../../..");

/** What an application's bundle grows by, without the conformance suite. */
async function kilobytes(): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, "packages/core/src/index.ts")],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
  });
  const bytes = outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents).length, 0);
  return bytes / 1_000;
}

test("core is at most 8 kB, minified and gzipped", async () => {
  expect(await kilobytes()).toBeLessThanOrEqual(8);
});

test("the README says how large core is", async () => {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const stated = /`@sess\/core` is (\d+\.\d) kB, minified and gzipped/.exec(readme)?.[1];
  expect(Math.abs(Number(stated) - (await kilobytes()))).toBeLessThanOrEqual(0.1);
});
