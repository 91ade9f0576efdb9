import type { Block, Document } from "./markdown.ts";

/** The program that the blocks of one section make up. */
export interface Sample {
  readonly name: string;
  readonly source: string;
  /** The source with the results that its comments state turned into checks. */
  readonly checked: string;
  /** Files that it imports. */
  readonly files: ReadonlyMap<string, string>;
  /** What it prints, if the document says so. */
  readonly output: string | undefined;
}

const LANGUAGES = ["ts", "js"];

/** Declarations, which are compared with the source. */
export function signatures({ blocks }: Document): Block[] {
  return blocks.filter(({ language, words }) => isCode(language) && words.includes("signature"));
}

/** Blocks that are files, which other blocks import. */
export function files({ blocks }: Document): { block: Block; name: string }[] {
  return blocks.flatMap((block) => {
    const name = block.words.find((word) => word.startsWith("file="))?.slice("file=".length);
    return name === undefined ? [] : [{ block, name }];
  });
}

/** Blocks for a test runner. */
export function suites({ blocks }: Document): Block[] {
  return blocks.filter(({ words }) => words.includes("suite"));
}

/** One program for each section with code, preceded by the document's prelude if it has one. */
export function samples(document: Document): Sample[] {
  const programs = document.blocks.filter(
    ({ language, words }) => isCode(language) && words.length === 0,
  );
  const prelude = document.blocks
    .filter(({ words }) => words.includes("prelude"))
    .map(({ text }) => text);
  const sections = [...new Set(programs.map(({ section }) => section))];
  return sections.map((section) => {
    const own = programs.filter((block) => block.section === section).map(({ text }) => text);
    const printed = document.blocks
      .filter((block) => block.section === section && block.language === "text")
      .map(({ text }) => text);
    const source = [...prelude, ...own].join("\n\n");
    return {
      name: section === "" ? document.name : `${document.name}, "${section}"`,
      source,
      checked: source.split("\n").map(checked).join("\n"),
      files: new Map(files(document).map(({ name, block }) => [name, block.text])),
      output: printed.length > 0 ? printed.join("\n") : undefined,
    };
  });
}

function isCode(language: string): boolean {
  return LANGUAGES.includes(language);
}

const LITERAL = /^(undefined|null|true|false|-?\d[\d_.]*|".*"|\[.*\]|\{.*\})$/;

/** Turns a line whose comment states its value, its output or its error code into a check. */
function checked(line: string): string {
  const [, code = "", comment = ""] = /^\s*(.*);\s+\/\/ (.+)$/.exec(line) ?? [];
  const fault = /^(?:throws|rejects with) ([A-Z_]+)$/.exec(comment)?.[1];
  if (fault !== undefined) return `await globalThis.fails(async () => { ${code}; }, "${fault}");`;
  if (code.startsWith("console.log(")) {
    return `globalThis.prints(() => { ${code}; }, ${JSON.stringify(comment)});`;
  }
  if (!LITERAL.test(comment)) return line;
  const name = /^(?:const|let) (\w+)(?:: [^=]+)? =/.exec(code)?.[1];
  if (name !== undefined) return `${code}; globalThis.check(${name}, ${comment});`;
  return `globalThis.check(${code}, ${comment});`;
}
