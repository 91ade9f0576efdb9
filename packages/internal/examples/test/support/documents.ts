import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Document } from "./markdown.ts";
import { ROOT } from "./program.ts";

/** Every document of this repository except the changelogs. */
export const documents: readonly Document[] = [
  "README.md",
  ".changes/README.md",
  ...markdownIn(".github"),
  ...packagesIn("packages").flatMap((name) => [`${name}/README.md`, ...markdownIn(`${name}/docs`)]),
  ...packagesIn("packages/internal").flatMap(markdownIn),
]
  .filter((path) => existsSync(join(ROOT, path)))
  .map((path) => new Document(join(ROOT, path)));

/** The document at `path`, from the top of the repository. */
export function documentAt(path: string): Document {
  const document = documents.find(({ name }) => name === path);
  if (document === undefined) throw new Error(`There is no document ${path}.`);
  return document;
}

function packagesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`);
}

/** The Markdown files directly in `folder`. */
function markdownIn(folder: string): string[] {
  const path = join(ROOT, folder);
  const names = existsSync(path) ? readdirSync(path) : [];
  return names.filter((name) => name.endsWith(".md")).map((name) => `${folder}/${name}`);
}
