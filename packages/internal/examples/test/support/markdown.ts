import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ROOT } from "./program.ts";

/** A fenced block of a document. */
export interface Block {
  readonly language: string;
  /** What else its first line says. */
  readonly words: readonly string[];
  readonly text: string;
  /** Of its first line of text, from 1. */
  readonly line: number;
  /** The heading of the second level that it stands under. */
  readonly section: string;
}

export interface Link {
  readonly target: string;
  readonly line: number;
}

/** A Markdown file of this repository. */
export class Document {
  /** From the top of the repository. */
  readonly name: string;
  readonly blocks: Block[] = [];
  readonly links: Link[] = [];
  readonly headings: string[] = [];
  /** The lines that are no code, tables without the spaces that align them. */
  readonly prose: string[] = [];

  constructor(path: string) {
    this.name = relative(ROOT, path).replaceAll("\\", "/");
    let section = "";
    let open: { head: string; text: string[]; line: number } | undefined;
    for (const [index, line] of readFileSync(path, "utf8").split("\n").entries()) {
      const fence = /^```(.*)$/.exec(line)?.[1];
      if (open !== undefined && fence === undefined) open.text.push(line);
      else if (open !== undefined) {
        const [language = "", ...words] = open.head.split(" ");
        this.blocks.push({ ...open, language, words, section, text: open.text.join("\n") });
        open = undefined;
      } else if (fence !== undefined) open = { head: fence, text: [], line: index + 2 };
      else {
        const heading = /^(#+) (.+)$/.exec(line);
        if (heading?.[1] === "##") section = heading[2] ?? "";
        if (heading?.[2] !== undefined) this.headings.push(heading[2]);
        this.prose.push(withoutPadding(line));
        this.#readLinks(line, index + 1);
      }
    }
  }

  /** The headings as links name them. */
  get anchors(): string[] {
    return this.headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_ -]/gu, "")
        .replaceAll(" ", "-"),
    );
  }

  /** The file that a link of this document leads to, and the heading in it. */
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
