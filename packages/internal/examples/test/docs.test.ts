import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { missingRedis, openRedis } from "@sess/test-servers";
import { documents } from "./support/documents.ts";
import {
  EXAMPLES,
  makeFolder,
  ROOT,
  removeFolder,
  run,
  withoutHandles,
} from "./support/program.ts";
import { files, samples, signatures, suites } from "./support/sample.ts";

const withRedis = (source: string) => /from "(io)?redis"/.test(source);
const withoutRedis = missingRedis() !== undefined && process.env["CI"] !== "true";

const programs = documents
  .flatMap(samples)
  .filter(({ source }) => !(withoutRedis && withRedis(source)));

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
  folder = await makeFolder();
  if (programs.some(({ source }) => withRedis(source))) {
    redis = await openRedis();
    process.env["REDIS_URL"] = redis.url;
  }
  const paths = await Promise.all(programs.map(writeSample));
  const [list, results] = [join(folder, "list"), join(folder, "results.json")];
  await writeFile(list, paths.join("\n"));
  const [{ errors }] = await Promise.all([
    run(join(__dirname, "support/run-samples.ts"), [list, results], folder),
    checkTypes(),
  ]);
  expect(errors).toBe("");
  outcomes = JSON.parse(await readFile(results, "utf8"));
}, 120_000);

afterAll(async () => {
  await redis?.stop();
  await removeFolder(folder);
});

async function writeSample(sample: (typeof programs)[number], index: number): Promise<string> {
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

/** A declaration without its comments and line breaks. */
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

  test("states results that are really compared", () => {
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

  test("that is a file of its own is one of the examples", async () => {
    for (const { name, block } of documents.flatMap(files)) {
      expect(`${block.text}\n`).toBe(await readFile(join(EXAMPLES, name), "utf8"));
    }
  });

  test("that is a test suite runs under node:test", async () => {
    for (const document of documents) {
      for (const [index, block] of suites(document).entries()) {
        const place = join(folder, `suite-${index}`);
        await mkdir(place);
        for (const [, name = ""] of block.text.matchAll(/ from "\.\/([\w-]+\.ts)"/g)) {
          await copyFile(join(EXAMPLES, name), join(place, name));
        }
        await writeFile(join(place, "store.test.ts"), block.text);
        const { status, output } = await run(join(place, "store.test.ts"), [], place);
        expect({ status, passed: Number(/^# pass (\d+)$/m.exec(output)?.[1]) }).toEqual({
          status: 0,
          passed: expect.any(Number),
        });
        expect(output).toMatch(/^# fail 0$/m);
      }
    }
  }, 60_000);

  test("is run, compared, or no TypeScript", () => {
    const known = ["prelude", "signature", "suite"];
    const odd = documents
      .flatMap(({ name, blocks }) => blocks.map((block) => ({ name, ...block })))
      .filter(({ language }) => !["sh", "text", "sql", "mermaid"].includes(language))
      .filter(({ language }) => !["ts", "js"].includes(language) || language === "")
      .map(({ name, line }) => `${name}:${line}`);
    const words = documents
      .flatMap(({ blocks }) => blocks.flatMap((block) => block.words))
      .filter((word) => !known.includes(word) && !/^(file|from)=/.test(word));
    expect({ odd, words }).toEqual({ odd: [], words: [] });
  });
});
