import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { missingRedis, openRedis, orSkip } from "@sess/test-servers";
import { run } from "../src/command.ts";
import { shippedDocuments } from "../src/documents.ts";
import { Installation } from "../src/installation.ts";
import { published, ROOT } from "../src/packages.ts";
import { firstProgram, withLevel } from "../src/readme.ts";
import { find, runtimes } from "../src/runtimes.ts";

const SAVED_AND_LOADED = /^saved (~.{43})\nloaded \1: alias is GoTamer\n$/;

/** The entries of packages that have several. */
const ENTRIES: Readonly<Record<string, readonly string[]>> = {
  "@sess/core": ["index", "conformance", "adapter"],
  "@sess/http": ["index", "express", "fastify", "koa", "hono"],
};

const installation = new Installation();

beforeAll(() => installation.create(), 420_000);
afterAll(() => installation.remove());

describe.each(published)("the tarball of $name", ({ name, folder }) => {
  test("holds its build, its documents and nothing else", () => {
    const entries = ENTRIES[name] ?? ["index"];
    const built = entries.flatMap((entry) =>
      [".js", ".js.map", ".cjs", ".cjs.map", ".d.ts", ".d.cts"].map(
        (ending) => `dist/${entry}${ending}`,
      ),
    );
    const documents = shippedDocuments(folder).map(({ path }) => path.replaceAll("\\", "/"));
    // Code that two entries share, under a name that changes with its content.
    const shared = /^dist\/[\w-]+-[\w-]{8}\.(js|js\.map|d\.ts|d\.cts)$/;
    const { files } = installation.tarball(name);
    expect(files.filter((file) => !shared.test(file))).toEqual(
      ["LICENSE", "package.json", ...documents, ...built].sort(),
    );
  });

  test("has source maps that hold the sources", () => {
    const path = installation.path("node_modules", name, "dist/index.js");
    const { sources, sourcesContent } = JSON.parse(readFileSync(`${path}.map`, "utf8"));
    expect(readFileSync(path, "utf8")).toContain("//# sourceMappingURL=index.js.map");
    expect(sourcesContent).toHaveLength(sources.length);
    expect(sourcesContent).not.toContain(null);
  });

  // publint checks the manifest against the files, attw the types for each way of importing.
  test.each(["publint", "attw"])("satisfies %s", async (tool) => {
    const { path } = installation.tarball(name);
    await run("npm", ["run", tool, "--workspace", "@sess/pack-check", "--", path], { cwd: ROOT });
  });
});

describe("the program of a README runs as installed:", () => {
  const output = async (name: string, program: string) => {
    installation.addModule(name, program);
    return installation.node(`${name}.mjs`);
  };

  // One needs a server; the other is one, of Express.
  const apart = ["@sess/store-redis", "@sess/http"];
  const others = published.filter(({ name }) => !apart.includes(name));

  orSkip(test, missingRedis())("@sess/store-redis", async () => {
    const redis = await openRedis();
    process.env["REDIS_URL"] = redis.url;
    const path = installation.path("node_modules/@sess/store-redis/README.md");
    try {
      expect(await output("readme-store-redis", firstProgram(path))).toContain("GoTamer");
    } finally {
      await redis.stop();
    }
  });

  test.each(others)(
    "$name",
    async ({ name }) => {
      const path = installation.path("node_modules", name, "README.md");
      expect(await output(name.replace("@sess/", "readme-"), firstProgram(path))).toContain(
        "GoTamer",
      );
    },
    60_000,
  );

  test("the repository's, in memory and in LevelDB", async () => {
    const program = firstProgram(join(ROOT, "README.md"));
    expect(withLevel(program)).not.toContain("Memory");
    expect(await output("readme", program)).toContain("GoTamer");
    expect(await output("readme-level", withLevel(program))).toContain("GoTamer");
  });
});

describe("a TypeScript user under strict", () => {
  const strict = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    target: "es2022",
    lib: ["es2023", "esnext.disposable"],
    types: ["node"],
  };

  test.each([
    ["node16", "node16"],
    ["preserve", "bundler"],
  ])(
    "compiles against us with module %s and moduleResolution %s",
    async (module, resolution) => {
      const name = `tsconfig.${module}.json`;
      const compilerOptions = { ...strict, module, moduleResolution: resolution };
      const source = readFileSync(installation.path("consumer.ts"), "utf8");
      installation.write("consumer.mts", source);
      installation.write("consumer.cts", source);
      const include = ["*.mts", "*.cts"];
      // PGlite's own types want those of the DOM and of Emscripten, which a server's user has not.
      const exclude = ["readme-store-postgres.mts"];
      installation.write(name, JSON.stringify({ compilerOptions, include, exclude }));
      await installation.node(join(ROOT, "node_modules/typescript/bin/tsc"), "--project", name);
    },
    120_000,
  );
});

test("every class and function has the name it is exported under", async () => {
  const entries = published.map(({ name }) => name);
  entries.push("@sess/core/conformance", "@sess/core/adapter");
  expect(await installation.node("names.mjs", ...entries)).toBe(
    "all have the names they are exported under\n",
  );
});

test("the packed suite proves the packed store under node:test, as ESM and as CommonJS", async () => {
  const programs = ["conformance.mjs", "conformance.cjs"];
  const reports = programs.map((program) =>
    installation.node("--test", "--test-reporter=tap", program),
  );
  for (const report of await Promise.all(reports)) {
    expect(report).toMatch(/^# fail 0$/m);
    expect(Number(/^# pass (\d+)$/m.exec(report)?.[1])).toBeGreaterThanOrEqual(60);
  }
});

describe.each(runtimes.map((runtime) => ({ ...runtime, binary: find(runtime) })))(
  "$name $version",
  ({ name, version, command, flags, binary }) => {
    const missing = binary === undefined ? `${name} ${version} cannot be fetched` : undefined;
    const testHere = orSkip(test, missing);
    const print = (...program: string[]) => {
      if (binary === undefined) throw new Error(missing);
      return installation.run(binary, ...flags, ...program);
    };

    testHere.each(["mjs", "cjs"])("saves and loads in memory, as %s", async (kind) => {
      expect(await print(`memory.${kind}`)).toMatch(SAVED_AND_LOADED);
    });

    testHere("has an ESM and a CommonJS copy of core that agree", async () => {
      expect(await print("copies.mjs")).toBe("the copies agree\n");
    });

    testHere.each([
      ["mjs", "cjs"],
      ["cjs", "mjs"],
    ])("saves in LevelDB as %s, and the next process loads as %s", async (save, load) => {
      const place = [
        `sessions-${command}-${version}-${save}`,
        `ticket-${command}-${version}-${save}`,
      ];
      const printed =
        (await print(`level-save.${save}`, ...place)) +
        (await print(`level-load.${load}`, ...place));
      expect(printed).toMatch(SAVED_AND_LOADED);
    });
  },
);
