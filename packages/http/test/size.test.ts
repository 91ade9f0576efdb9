import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { build } from "esbuild";

/** In kB, minified and gzipped, without core and `cookie`. A warning sign: it runs on servers. */
const MOST = 7.2;

/** What a binding may take on top of what it shares with the others. */
const MOST_OF_A_BINDING = 0.6;

const COMMON = [
  "node/attach.ts",
  "node/answer-error.ts",
  "node/prepared-answer.ts",
  "fetch/answer.ts",
  "visit/layer.ts",
];

async function kilobytes(contents: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: join(__dirname, "../src"), loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    external: ["@sess/core", "@sess/core/adapter", "cookie", "express", "fastify", "koa", "hono"],
  });
  const bytes = outputFiles.reduce((sum, output) => sum + gzipSync(output.contents).length, 0);
  return bytes / 1_000;
}

test(`@sess/http is at most ${MOST} kB, without cookie`, async () => {
  expect(await kilobytes('export * from "./index.ts";')).toBeLessThanOrEqual(MOST);
});

describe.each(["express", "fastify", "koa", "hono"])("the binding for %s", (name) => {
  test(`adds at most ${MOST_OF_A_BINDING} kB to what all share`, async () => {
    const shared = COMMON.map((file) => `export * from "./${file}";`).join("\n");
    const both = await kilobytes(`${shared}\nexport { session } from "./${name}.ts";`);
    expect(both - (await kilobytes(shared))).toBeLessThanOrEqual(MOST_OF_A_BINDING);
  });

  test("is smaller than the whole", async () => {
    expect(await kilobytes(`export * from "./${name}.ts";`)).toBeLessThanOrEqual(MOST);
  });
});

test("the parts for fetch and Hono import nothing of node:http", async () => {
  const { metafile } = await build({
    entryPoints: ["index.ts", "hono.ts"].map((file) => join(__dirname, "../src", file)),
    bundle: true,
    write: false,
    metafile: true,
    outdir: "out",
    format: "esm",
    platform: "neutral",
    external: ["@sess/core", "@sess/core/adapter", "cookie"],
  });
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports);
  const names = new Set(imported.map(({ path }) => path));
  expect([...names].sort()).toEqual(["@sess/core", "@sess/core/adapter", "cookie"]);
});
