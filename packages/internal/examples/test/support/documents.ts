import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Document } from "./markdown.ts";
import { ROOT } from "./program.ts";

/** Every document of this repository, the change logs apart. */
export const documents: readonly Document[] = [
  "README.md",
  ...markdownIn("docs"),
  ...markdownIn(".github"),
  ...readdirSync(join(ROOT, "packages")).map((name) => `packages/${name}/README.md`),
]
  .filter((name) => existsSync(join(ROOT, name)))
  .map((name) => new Document(join(ROOT, name)));

function markdownIn(name: string): string[] {
  const found = readdirSync(join(ROOT, name), { recursive: true, encoding: "utf8" });
  return found.filter((path) => path.endsWith(".md")).map((path) => join(name, path));
}
