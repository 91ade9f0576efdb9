import { describe, expect, test } from "@jest/globals";
import {
  allSources,
  anysIn,
  cyclesIn,
  importsOf,
  linesOfCode,
  packageOf,
  type Source,
} from "./support/sources.ts";

/** From the bottom to the top, as in docs/architecture.md. */
const LAYERS = ["contract", "adapter", "policy", "format", "environment", "state", "operations"];
const TOP = LAYERS.length;

const CORE = "packages/core/";
const SUITE = `${CORE}conformance/`;
const SUITE_ENTRY = `${CORE}src/conformance.ts`;

const MOST_LINES = 200;

/** Why core's `from` must not import core's `to`; undefined if it may. */
function violation(from: string, to: string): string | undefined {
  const [importing, imported] = [rankOf(from), rankOf(to)];
  if (importing < 0 || imported < 0) return `${from} imports ${to}: one of them is in no layer`;
  if (to.startsWith(SUITE)) {
    const mayImport = from.startsWith(SUITE) || from === SUITE_ENTRY;
    return mayImport ? undefined : `${from} imports ${to}, of the conformance suite`;
  }
  return imported > importing ? `${from} imports ${to}, of a layer above` : undefined;
}

/** The number of a file's layer; -1 if its folder is none. The suite uses what a store uses, no more. */
function rankOf(path: string): number {
  if (path.startsWith(SUITE)) return LAYERS.indexOf("adapter");
  const [layer = "", file] = path.slice(`${CORE}src/`.length).split("/");
  return file === undefined ? TOP : LAYERS.indexOf(layer);
}

function violationsIn(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => path.startsWith(CORE))
    .flatMap((source) => importsOf(source).map((each) => ({ from: source.path, to: each })))
    .flatMap(({ from, to }) => (to.startsWith(CORE) ? (violation(from, to) ?? []) : []));
}

/** Imports by which a package depends on more of another one than that publishes. */
function strayImportsIn(sources: readonly Source[]): string[] {
  const stray = (from: string, to: string): boolean => {
    const isPublished = !from.startsWith("packages/internal/");
    const isOwn = packageOf(from) === packageOf(to);
    // A package may name itself, so that its declarations lead to an entry that applications augment.
    if (to === packageOf(from).replace("packages/", "@sess/")) return false;
    if (to.startsWith("packages/") || to.startsWith("..")) return !isOwn;
    return (
      isPublished && to.startsWith("@sess/") && !["@sess/core", "@sess/core/adapter"].includes(to)
    );
  };
  return sources.flatMap((source) =>
    importsOf(source)
      .filter((each) => stray(source.path, each))
      .map((each) => `${source.path} imports ${each}`),
  );
}

const sources = allSources();
const products = sources.filter(({ path }) => !path.startsWith("packages/internal/"));

test("a layer of core imports from itself and from layers below, types included", () => {
  expect(violationsIn(sources)).toEqual([]);
});

test("no files import each other in a circle", () => {
  expect(cyclesIn(sources)).toEqual([]);
});

test("no package reaches into another, and a store depends on core alone", () => {
  expect(strayImportsIn(sources)).toEqual([]);
});

test(`no source has more than ${MOST_LINES} lines without doc comments and blank lines`, () => {
  const long = sources.filter((source) => linesOfCode(source) > MOST_LINES);
  expect(long.map((source) => `${source.path}: ${linesOfCode(source)}`)).toEqual([]);
});

test("no product source uses any, except for the values of untyped sessions and of all sessions", () => {
  expect(products.flatMap(anysIn)).toEqual([
    expect.stringMatching(/^packages\/core\/src\/session\.ts:\d+: export type AnySession = /),
    expect.stringMatching(/^packages\/core\/src\/session\.ts:\d+: export type AnySession = /),
    expect.stringMatching(/^packages\/core\/src\/contract\/values\.ts:\d+: export type Untyped = /),
  ]);
});

describe("these checks find", () => {
  const source = (path: string, ...lines: string[]): Source => ({ path, text: lines.join("\n") });

  test("every source of every package", () => {
    const paths = sources.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        "packages/core/src/index.ts",
        "packages/core/src/operations/save.ts",
        "packages/core/conformance/test-store.ts",
        "packages/store-memory/src/memory-store.ts",
        "packages/internal/test-support/src/index.ts",
      ]),
    );
  });

  test.each([
    ["format/a.ts", 'import { b } from "../state/b.ts";'],
    ["format/a.ts", 'import type { b } from "../state/b.ts";'],
    ["format/a.ts", 'export { b } from "../state/b.ts";'],
    ["format/a.ts", 'const b = await import("../state/b.ts");'],
    ["state/a.ts", 'import { SessionManager } from "../manager.ts";'],
    ["state/a.ts", 'import { help } from "../helpers/help.ts";'],
    ["manager.ts", 'import { testStore } from "../conformance/test-store.ts";'],
  ])("an import in the wrong direction: %s, %s", (name, line) => {
    expect(violationsIn([source(`packages/core/src/${name}`, line)])).toHaveLength(1);
  });

  test("a circle, also of types and through a third file", () => {
    const circle = [
      source("packages/x/src/a.ts", 'import type { B } from "./b.ts";'),
      source("packages/x/src/b.ts", 'import { c } from "./in/c.ts";'),
      source("packages/x/src/in/c.ts", 'import type { A } from "../a.ts";'),
    ];
    expect(cyclesIn(circle)).toHaveLength(1);
    expect(cyclesIn(circle.slice(1))).toEqual([]);
  });

  test.each([
    'import { MemoryStore } from "@sess/store-memory";',
    'import { FaultyStore } from "@sess/core/conformance";',
    'import { record } from "@sess/test-support";',
    'import { Identity } from "../../core/src/policy/identity.ts";',
  ])("an import of a store that is not for stores: %s", (line) => {
    expect(strayImportsIn([source("packages/store-x/src/a.ts", line)])).toHaveLength(1);
  });

  test("a long file, of which doc comments and blank lines do not count", () => {
    const doc = ["/**", " * Says what it does.", " */", "", "/** Short. */"];
    const code = Array.from({ length: 150 }, (_, index) => `f(${index}); // why`);
    const sized = source("a.ts", ...code.flatMap((line) => [...doc, line]));
    expect(linesOfCode(sized)).toBe(150);
  });

  test.each([
    "const a: any = 1;",
    "f(b as any);",
    "const c: Record<string, any[]> = {};",
    "const d = Reflect.get(e, 'f');",
    "if (Object(error).code) return;",
  ])("any: %s", (line) => {
    expect(anysIn(source("a.ts", "", line))).toEqual([`a.ts:2: ${line}`]);
  });

  test("no any in words and in calls that return what they are given", () => {
    const harmless = ["// any", 'const any = "any";', "Object.keys(a);", "Reflect.ownKeys(a);"];
    expect(anysIn(source("a.ts", ...harmless))).toEqual([]);
  });
});
