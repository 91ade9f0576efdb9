import type { Block, Document } from "./markdown.ts";

/** The blocks of one section as the program that they make up. */
export interface Sample {
  readonly name: string;
  readonly source: string;
  /** With the results that comments state as checks. */
  readonly checked: string;
  /** Files that it imports. */
  readonly files: ReadonlyMap<string, string>;
  /** What it prints, where the document says so. */
  readonly output: string | undefined;
}

const LANGUAGES = ["ts", "js"];

/** Blocks of code that are no programs: declarations, which are compared with the source. */
export function signatures({ blocks }: Document): Block[] {
  return blocks.filter(({ language, words }) => isCode(language) && words.includes("signature"));
}

/** Blocks that are files of their own, imported by others. */
export function files({ blocks }: Document): { block: Block; name: string }[] {
  return blocks.flatMap((block) => {
    const name = block.words.find((word) => word.startsWith("file="))?.slice("file=".length);
    return name === undefined ? [] : [{ block, name }];
  });
}

/** Blocks that a test runner runs. */
export function suites({ blocks }: Document): Block[] {
  return blocks.filter(({ words }) => words.includes("suite"));
}

/** Each section with code is one program, after the document's prelude where it has one. */
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

/** A line whose comment states its value, its output or the code of its error becomes a check. */
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
