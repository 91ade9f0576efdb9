import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { aimsTable } from "../src/aims.ts";
import { redrawn } from "../src/document.ts";
import { textOf, type Written } from "../src/results.ts";
import { sectionsOf } from "../src/sections.ts";
import { Programs } from "./support/programs.ts";
import { small } from "./support/small-results.ts";

const DOCUMENTS = join(__dirname, "../../../../docs");

describe("the page on performance", () => {
  test("shows the results that lie beside it", async () => {
    const page = await readFile(join(DOCUMENTS, "performance.md"), "utf8");
    const text = await readFile(join(DOCUMENTS, "performance/results.json"), "utf8");
    const written: Written = JSON.parse(text);
    expect(textOf(written)).toBe(text);
    expect(redrawn(page, sectionsOf(written))).toBe(page);
  });

  test("cannot lose a section without a word", () => {
    expect(() => redrawn("# Performance\n", { memory: "a table" })).toThrow("memory");
  });
});

describe("what was measured", () => {
  test("is shown as accesses a second, median and spread, and processor time", () => {
    expect(sectionsOf(small)["memory"]).toMatch(
      /\| express-session, MemoryStore \| 4\.5k \[3k–9\.1k\] · 220 µs \|/,
    );
  });

  test("is shown beside what a contender does not promise", () => {
    expect(sectionsOf(small)["memory"]).toMatch(
      /express-session, MemoryStore.*\| ids in plain +\|/,
    );
  });

  test("is held against the aims, reached or not", () => {
    const rows = aimsTable(small).split("\n");
    const rowOf = (work: string) => rows.find((row) => row.includes(work));
    expect(rowOf("reading access, memory, whole path, 0.6 KB")).toMatch(/20× +\| 20× +\| yes/);
    expect(rowOf("heap for a session")).toMatch(/0\.8× +\| 0\.89× +\| no/);
    expect(rowOf("sessions add to a bare HTTP server, reading")).toMatch(/0\.5× +\| no/);
    expect(rowOf("changing access, LevelDB, unsynced")).toMatch(/not measured/);
  });

  test("is said of what was not measured, and why", () => {
    expect(sectionsOf(small)["absences"]).toMatch(/\| memory +\| map +\| a change is stored +\|/);
  });
});

describe("drawing", () => {
  const programs = new Programs();
  let folder = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sess-page-"));
    await cp(join(DOCUMENTS, "performance.md"), join(folder, "performance.md"));
    await cp(join(DOCUMENTS, "performance"), join(folder, "performance"), { recursive: true });
    await writeFile(join(folder, "performance/results.json"), textOf(small));
    await programs.bundle();
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await programs.remove();
  });

  test("makes the page and every chart that it shows", async () => {
    await rm(join(folder, "performance/http.svg"), { force: true });
    const printed = await programs.main("--draw", "--documents", folder);
    const page = await readFile(join(folder, "performance.md"), "utf8");
    expect(printed.trim()).toBe(aimsTable(small));
    expect(redrawn(page, sectionsOf(small))).toBe(page);
    const chart = await readFile(join(folder, "performance/http.svg"), "utf8");
    expect(chart).toMatch(/^<svg[\s\S]+http-express-session[\s\S]+<\/svg>\s*$/);
    const shown = [...page.matchAll(/\]\(performance\/([\w-]+\.svg)\)/g)].map(([, name]) => name);
    expect(await readdir(join(folder, "performance"))).toEqual(expect.arrayContaining(shown));
  });
});
