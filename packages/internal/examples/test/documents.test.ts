import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { stateTableMarkdown } from "../../../core/test/support/state-table.ts";
import { documents } from "./support/documents.ts";
import { Document } from "./support/markdown.ts";
import { ROOT } from "./support/program.ts";

describe("the documents", () => {
  test("link only to files and headings that are there", () => {
    const broken = documents.flatMap((document) =>
      document.links
        .filter(({ target }) => !/^https?:/.test(target))
        .filter(({ target }) => !resolves(document, target))
        .map(({ target, line }) => `${document.name}:${line} ${target}`),
    );
    expect(broken).toEqual([]);
  });

  test("have one heading for each code of error", () => {
    const source = readFileSync(join(ROOT, "packages/core/src/contract/errors.ts"), "utf8");
    const union = /SessionErrorCode =([^;]+);/.exec(source)?.[1] ?? "";
    const codes = [...union.matchAll(/"([A-Z_]+)"/g)].map(([, code]) => code);
    const page = documents.find(({ name }) => name === "docs/errors.md");
    expect(codes.length).toBeGreaterThan(0);
    expect(page?.headings.slice(1)).toEqual(codes);
  });

  test("show what every method does in every state, as it is tested", () => {
    const guide = documents.find(({ name }) => name === "docs/guide.md");
    const table = stateTableMarkdown().replace(/ +/g, " ");
    expect(guide?.prose.join("\n")).toContain(table);
  });

  test("describe every option of the manager", () => {
    const core = join(ROOT, "packages/core/src");
    const source =
      bodyOf(readFileSync(join(core, "settings.ts"), "utf8"), "SessionManagerOptions") +
      bodyOf(readFileSync(join(core, "lifetime.ts"), "utf8"), "Lifetime");
    const options = [...source.matchAll(/^\s+(\w+)\??: /gm)].map(([, name]) => name);
    const guide = documents.find(({ name }) => name === "docs/guide.md");
    const rows = (guide?.prose ?? []).flatMap(
      (line) => /^\| `(\w+)` \| [^|]+ \| [^|]+ \|$/.exec(line)?.[1] ?? [],
    );
    expect(options.length).toBeGreaterThan(5);
    expect([...rows].sort()).toEqual([...options].sort());
  });
});

function bodyOf(source: string, name: string): string {
  return new RegExp(`^export interface ${name}\\b[^{]*{([^}]+)^}`, "m").exec(source)?.[1] ?? "";
}

function resolves(document: Document, target: string): boolean {
  const { path, anchor } = document.resolve(target);
  if (!existsSync(path)) return false;
  return anchor === undefined || new Document(path).anchors.includes(anchor);
}
