import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ROOT } from "./program.ts";

/** A fenced block of a document. */
export interface Block {
  readonly language: string;
  /** The words after the language: ```` ```ts file=map-store.ts ````. */
  readonly words: readonly string[];
  readonly text: string;
  /** The number of its first line of text, from 1. */
  readonly line: number;
  /** The second-level heading above it. */
  readonly section: string;
}

export interface Link {
  readonly target: string;
  readonly line: number;
}

/** A Markdown file of this repository. */
export class Document {
  /** Its path from the top of the repository. */
  readonly name: string;
  readonly blocks: Block[] = [];
  readonly links: Link[] = [];
  readonly headings: string[] = [];
  /** The lines outside code blocks; tables without the spaces that align their columns. */
  readonly prose: string[] = [];

  constructor(path: string) {
    this.name = relative(ROOT, path).replaceAll("\\", "/");
    let section = "";
    let open: { fence: string; text: string[]; line: number } | undefined;
    for (const [index, line] of readFileSync(path, "utf8").split("\n").entries()) {
      const fence = /^```(.*)$/.exec(line)?.[1];
      if (open !== undefined && fence === undefined) open.text.push(line);
      else if (open !== undefined) {
        const [language = "", ...words] = open.fence.split(" ");
        this.blocks.push({ ...open, language, words, section, text: open.text.join("\n") });
        open = undefined;
      } else if (fence !== undefined) open = { fence, text: [], line: index + 2 };
      else {
        const heading = /^(#+) (.+)$/.exec(line);
        if (heading?.[1] === "##") section = heading[2] ?? "";
        if (heading?.[2] !== undefined) this.headings.push(heading[2]);
        this.prose.push(withoutPadding(line));
        this.#readLinks(line, index + 1);
      }
    }
  }

  /** The headings in the form that links use. */
  get anchors(): string[] {
    return this.headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_ -]/gu, "")
        .replaceAll(" ", "-"),
    );
  }

  /** The file and the heading that a link of this document leads to. */
  resolve(target: string): { path: string; anchor: string | undefined } {
    const [file = "", anchor] = target.split("#");
    const here = join(ROOT, this.name);
    return { path: file === "" ? here : join(dirname(here), file), anchor };
  }

  #readLinks(text: string, line: number): void {
    const plain = text.replace(/`[^`]*`/g, "");
    for (const [, target = ""] of plain.matchAll(/\]\(([^)\s]+)\)/g)) {
      this.links.push({ target, line });
    }
  }
}

function withoutPadding(line: string): string {
  return line.startsWith("|") ? line.replace(/ +/g, " ").replace(/-{3,}/g, "---") : line;
}
