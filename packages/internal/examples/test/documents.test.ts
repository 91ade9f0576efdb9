import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { stateTableMarkdown } from "../../../core/test/support/state-table.ts";
import { documentAt, documents } from "./support/documents.ts";
import { Document } from "./support/markdown.ts";
import { ROOT } from "./support/program.ts";

const CORE = join(ROOT, "packages/core");

describe("the documents", () => {
  test("link only to files and headings that exist", () => {
    const broken = documents.flatMap((document) =>
      document.links
        .filter(({ target }) => !/^https?:/.test(target))
        .filter(({ target }) => !resolves(document, target))
        .map(({ target, line }) => `${document.name}:${line} ${target}`),
    );
    expect(broken).toEqual([]);
  });

  test("have a heading for each error code", () => {
    const source = readFileSync(join(CORE, "src/contract/errors.ts"), "utf8");
    const union = /SessionErrorCode =([^;]+);/.exec(source)?.[1] ?? "";
    const codes = [...union.matchAll(/"([A-Z_]+)"/g)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(0);
    expect(documentAt("packages/core/docs/errors.md").headings.slice(1)).toEqual(codes);
  });

  test("show what every method does in every state, as it is tested", () => {
    const table = stateTableMarkdown().replace(/ +/g, " ");
    expect(documentAt("packages/core/docs/guide.md").prose.join("\n")).toContain(table);
  });

  test("describe every option of the manager", () => {
    const options = [...propertiesOf("SessionManagerOptions"), ...propertiesOf("Lifetime")];
    const rows = documentAt("packages/core/docs/guide.md").prose.flatMap(
      (line) => /^\| `(\w+)` \| [^|]+ \| [^|]+ \|$/.exec(line)?.[1] ?? [],
    );
    expect(options.length).toBeGreaterThan(5);
    expect([...rows].sort()).toEqual([...options].sort());
  });

  test("lead from the number of each sentence of the contract to what it is about", () => {
    const page = documentAt("packages/core/docs/writing-a-store.md").prose;
    const sentences = page.flatMap((line) => /^(\d+)\. /.exec(line)?.[1] ?? []);
    const rows = page.flatMap((line) => /^\| (\d+) \|/.exec(line)?.[1] ?? []);
    expect(sentences.map(Number)).toEqual(sentences.map((_, index) => index + 1));
    expect(sentences.length).toBeGreaterThan(15);
    expect(rows).toEqual(sentences);
  });

  test("describe every function and class of the adapter kit", () => {
    const entry = readFileSync(join(CORE, "src/adapter.ts"), "utf8");
    const exported = [...entry.matchAll(/export \{([^}]+)\}/g)]
      .flatMap(([, names = ""]) => names.split(","))
      .map((name) => name.trim())
      .filter((name) => name !== "" && !name.startsWith("type "));
    const page = readFileSync(join(CORE, "docs/writing-a-store.md"), "utf8");
    expect(exported.length).toBeGreaterThan(5);
    expect(exported.filter((name) => !page.includes(`\`${name}`))).toEqual([]);
  });

  test("name source files that exist", () => {
    const page = readFileSync(join(CORE, "docs/architecture.md"), "utf8");
    const named = [...page.matchAll(/`([\w/-]+\.ts)`/g)].flatMap(([, name]) => name ?? []);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !existsSync(join(CORE, "src", name)))).toEqual([]);
  });

  test("name tests and clauses that exist as the proof of each answer to a threat", () => {
    const proofs = documentAt("packages/core/docs/security.md")
      .prose.flatMap((line) => /\| ([^|]+) \|$/.exec(line)?.[1] ?? [])
      .flatMap((cell) => [...cell.matchAll(/`([\w-]+)`/g)].flatMap(([, name]) => name ?? []));
    const proving = readdirSync(join(ROOT, "packages"), { recursive: true, encoding: "utf8" })
      .filter((path) => /\.test\.ts$|core.conformance.*\.ts$/.test(path))
      .map((path) => path.replace(/^.*[\\/]|(\.test)?\.ts$/g, ""));
    expect(proofs.length).toBeGreaterThan(20);
    expect(proofs.filter((name) => !proving.includes(name))).toEqual([]);
  });
});

/** The properties of an interface that core declares. */
function propertiesOf(name: string): string[] {
  const declaration = new RegExp(`^export interface ${name}\\b[^{]*{([^}]+)^}`, "m");
  const body = readdirSync(join(CORE, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => declaration.exec(readFileSync(join(CORE, "src", path), "utf8"))?.[1])
    .find((found) => found !== undefined);
  return [...(body ?? "").matchAll(/^\s+(?:readonly )?(\w+)\??: /gm)].flatMap(
    ([, each]) => each ?? [],
  );
}

function resolves(document: Document, target: string): boolean {
  const { path, anchor } = document.resolve(target);
  if (!existsSync(path)) return false;
  return anchor === undefined || new Document(path).anchors.includes(anchor);
}
