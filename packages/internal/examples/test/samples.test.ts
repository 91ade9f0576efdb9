import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { missingRedis, openRedis, requiresAll } from "@sess/test-servers";
import { documents } from "./support/documents.ts";
import { EXAMPLES, makeFolder, ROOT, run, withoutHandles } from "./support/program.ts";
import { files, type Sample, samples, signatures, suites } from "./support/sample.ts";

const needsRedis = ({ source }: Sample) => /from "(io)?redis"/.test(source);
const hasRedis = missingRedis() === undefined || requiresAll();

const programs = documents.flatMap(samples).filter((each) => hasRedis || !needsRedis(each));

interface Outcome {
  output: string;
  checks: number;
  error: string;
}

let folder = "";
let redis: Awaited<ReturnType<typeof openRedis>> | undefined;
let outcomes: Outcome[] = [];
let typeErrors = "";

beforeAll(async () => {
  folder = makeFolder();
  if (hasRedis) redis = await openRedis();
  const paths = await Promise.all(programs.map(writeSample));
  const [list, results] = [join(folder, "list"), join(folder, "results.json")];
  await writeFile(list, paths.join("\n"));
  const [{ errors }] = await Promise.all([
    run(join(__dirname, "support/run-samples.ts"), [list, results], folder, {
      REDIS_URL: redis?.url,
    }),
    checkTypes(),
  ]);
  expect(errors).toBe("");
  outcomes = JSON.parse(await readFile(results, "utf8"));
}, 120_000);

afterAll(() => redis?.stop());

async function writeSample(sample: Sample, index: number): Promise<string> {
  const place = join(folder, String(index));
  await mkdir(place);
  for (const [name, text] of sample.files) await writeFile(join(place, name), text);
  await writeFile(join(place, "typed.ts"), sample.source);
  const path = join(place, "checked.ts");
  await writeFile(path, sample.checked);
  return path;
}

async function checkTypes(): Promise<void> {
  const config = { extends: join(ROOT, "tsconfig.base.json"), include: ["*/typed.ts"] };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  const compiler = join(ROOT, "node_modules/typescript/lib/tsc.js");
  typeErrors = (await run(compiler, ["-p", folder], folder)).output;
}

/** A declaration without comments and line breaks. */
function bare(source: string): string {
  return source
    .replace(/\/\*\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "")
    .replace(/\s+/g, " ")
    .trim();
}

describe("a sample of the documents", () => {
  test.each(programs.map(({ name }, index) => [name, index] as const))(
    "runs, does and prints what it says: %s",
    (_, index) => {
      const { output, error } = outcomes[index] ?? { output: "", error: "it was not run" };
      const stated = programs[index]?.output;
      expect(error).toBe("");
      if (stated !== undefined) {
        expect(withoutHandles(output).trim()).toBe(withoutHandles(stated).trim());
      }
    },
  );

  test("compiles under the strict settings of this repository", () => {
    expect(typeErrors).toBe("");
  });

  test("states results that are compared", () => {
    const stated = programs.map(({ checked }) =>
      checked.match(/globalThis\.(check|fails|prints)/g),
    );
    expect(outcomes.map(({ checks }) => checks)).toEqual(stated.map((each) => each?.length ?? 0));
  });

  test("that is a declaration is the one of the source", async () => {
    for (const block of documents.flatMap(signatures)) {
      const from = block.words.find((word) => word.startsWith("from="))?.slice("from=".length);
      expect(from).toBeDefined();
      const source = await readFile(join(ROOT, from ?? ""), "utf8");
      expect(bare(source)).toContain(bare(block.text));
    }
  });

  test("that is a file is one of the examples", async () => {
    for (const { name, block } of documents.flatMap(files)) {
      expect(`${block.text}\n`).toBe(await readFile(join(EXAMPLES, name), "utf8"));
    }
  });

  test("that is a test suite passes under node:test", async () => {
    for (const [index, block] of documents.flatMap(suites).entries()) {
      const place = join(folder, `suite-${index}`);
      await mkdir(place);
      for (const [, name = ""] of block.text.matchAll(/(?: from |URL\()"\.\/([\w-]+\.ts)"/g)) {
        await copyFile(join(EXAMPLES, name), join(place, name));
      }
      await writeFile(join(place, "store.test.ts"), block.text);
      const { status, output } = await run(join(place, "store.test.ts"), [], place);
      expect({ status, output }).toEqual({
        status: 0,
        output: expect.stringMatching(/^# pass \d/m),
      });
      expect(output).toMatch(/^# fail 0$/m);
    }
  }, 60_000);

  test("is run, compared, or not TypeScript", () => {
    const blocks = documents.flatMap((document) =>
      document.blocks.map((block) => ({ ...block, place: `${document.name}:${block.line}` })),
    );
    const odd = blocks.filter(
      ({ language }) => !["ts", "js", "sh", "text", "sql", "mermaid"].includes(language),
    );
    const words = blocks
      .flatMap((block) => block.words)
      .filter((word) => !/^(prelude|signature|suite|file=.+|from=.+)$/.test(word));
    expect({ odd: odd.map(({ place }) => place), words }).toEqual({ odd: [], words: [] });
  });
});
