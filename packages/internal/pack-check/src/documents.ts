import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** A Markdown file that ships in a package's tarball. */
export interface ShippedDocument {
  /** Path inside the package. */
  readonly path: string;
  /** The targets of its links. */
  readonly links: readonly string[];
}

/** The documents that the package in `folder` ships. */
export function shippedDocuments(folder: string): ShippedDocument[] {
  const docs = existsSync(join(folder, "docs"))
    ? readdirSync(join(folder, "docs"), { recursive: true, encoding: "utf8" })
    : [];
  return ["README.md", "CHANGELOG.md", ...docs.map((name) => join("docs", name))]
    .filter((path) => path.endsWith(".md"))
    .map((path) => ({ path, links: linksIn(readFileSync(join(folder, path), "utf8")) }));
}

/** Whether a link of `document` leads to a file of the package's own tarball, or to the web. */
export function staysInPackage(folder: string, document: ShippedDocument, link: string): boolean {
  if (/^https?:/.test(link)) return true;
  const [file = ""] = link.split("#");
  if (file === "") return true;
  const path = join(folder, dirname(document.path), file);
  return isShipped(relative(folder, path)) && existsSync(path);
}

/** What `files` of our manifests name, and what npm always packs. */
function isShipped(path: string): boolean {
  const [top = ""] = path.split(/[\\/]/);
  return ["README.md", "CHANGELOG.md", "LICENSE", "package.json", "docs"].includes(top);
}

function linksIn(markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, "").replace(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target]) => target ?? []);
}
