import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import { build } from "esbuild";

/** A warning sign, not an aim: core runs on servers, where clear code is worth more than bytes. */
const MOST_KILOBYTES = 18;

/** What an application's bundle grows by, without the conformance suite and the adapter kit. */
async function kilobytes(): Promise<number> {
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
  return bytes / 1_000;
}

test(`core is at most ${MOST_KILOBYTES} kB, minified and gzipped`, async () => {
  expect(await kilobytes()).toBeLessThanOrEqual(MOST_KILOBYTES);
});

test("the README says how large core is, to half a kB", async () => {
  const readme = readFileSync(join(__dirname, "../../../README.md"), "utf8");
  const [, stated] = /`@sess\/core` is ([\d.]+) kB/.exec(readme) ?? [];
  expect(Math.abs(Number(stated) - (await kilobytes()))).toBeLessThan(0.5);
});
