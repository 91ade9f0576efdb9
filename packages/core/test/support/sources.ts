import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import ts from "typescript";

const ROOT = join(__dirname, "../../../..");

export interface Source {
  /** From the root of the repository, with `/`: `packages/core/src/index.ts`. */
  readonly path: string;
  readonly text: string;
}

/** The sources of all packages; those of core's suite stand beside `src`. */
export function allSources(): Source[] {
  const packages = [...foldersIn("packages"), ...foldersIn("packages/internal")];
  const folders = packages.flatMap((each) => [`${each}/src`, `${each}/conformance`]);
  return folders.filter((folder) => existsSync(join(ROOT, folder))).flatMap(sourcesIn);
}

/** The package's folder: `packages/core`. */
export function packageOf(path: string): string {
  const [name = ""] = /^packages\/(internal\/)?[^/]+/.exec(path) ?? [];
  return name;
}

/** What a source imports: paths as `Source.path` has them, and the names of packages. Types count. */
export function importsOf({ path, text }: Source): string[] {
  const { importedFiles } = ts.preProcessFile(text);
  return importedFiles.map(({ fileName }) =>
    fileName.startsWith(".") ? posix.join(posix.dirname(path), fileName) : fileName,
  );
}

/** Files that import each other in a circle, each circle once. */
export function cyclesIn(sources: readonly Source[]): string[][] {
  const imports = new Map(sources.map((source) => [source.path, importsOf(source)]));
  const done = new Set<string>();
  const cycles: string[][] = [];
  const visit = (path: string, trail: readonly string[]) => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push([...trail.slice(start), path]);
    if (start >= 0 || done.has(path)) return;
    for (const each of imports.get(path) ?? []) visit(each, [...trail, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return cycles;
}

const DOC_COMMENT = /^\s*\/\*\*[\s\S]*?\*\/$/gm;

/** How many lines there are without doc comments and blank lines. */
export function linesOfCode({ text }: Source): number {
  const lines = text.replaceAll(DOC_COMMENT, "").split("\n");
  return lines.filter((line) => line.trim() !== "").length;
}

/**
 * Where the compiler is not told a type, as `path:line: code`: `any` in any form, and `Reflect.get(…)` and
 * `Object(…)`, which return it.
 */
export function anysIn({ path, text }: Source): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword || isUntypedCall(node)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${path}:${line + 1}: ${text.split("\n")[line]?.trim()}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isUntypedCall(node: ts.Node): boolean {
  if (!ts.isCallExpression(node)) return false;
  return ["Object", "Reflect.get"].includes(node.expression.getText());
}

function foldersIn(folder: string): string[] {
  const names = readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`);
  return names.filter((name) => statSync(join(ROOT, name)).isDirectory());
}

function sourcesIn(folder: string): Source[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".ts"))
    .map((name) => {
      const file = join(ROOT, folder, name);
      const path = relative(ROOT, file).split(sep).join("/");
      return { path, text: readFileSync(file, "utf8") };
    });
}
