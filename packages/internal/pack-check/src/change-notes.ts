import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The kinds of changes, in the order in which a changelog lists them. */
const KINDS = ["breaking", "added", "changed", "fixed"] as const;

type Kind = (typeof KINDS)[number];

/** A change that users notice, as a file of `.changes` describes it. */
export interface ChangeNote {
  /** Folders under `packages`: `core`, `store-redis`. */
  readonly packages: readonly string[];
  readonly kind: Kind;
  readonly sentence: string;
}

const NOTE = /^(?<packages>[a-z-]+(?:, [a-z-]+)*): (?<kind>[a-z]+)\n\n(?<sentence>\S.*\.)\n$/;

/** Reads a note. Throws where it breaks the convention of `.changes/README.md`. */
export function parseChangeNote(text: string, published: readonly string[]): ChangeNote {
  const { packages = "", kind = "", sentence = "" } = NOTE.exec(text)?.groups ?? {};
  const names = packages.split(", ");
  const known = KINDS.find((each) => each === kind);
  if (sentence === "") {
    throw new Error("a note is the line 'packages: kind', an empty line, and one line of text");
  }
  if (known === undefined) throw new Error(`the kind is one of ${KINDS.join(", ")}, not ${kind}`);
  const unknown = names.filter((name) => !published.includes(name));
  if (unknown.length > 0) throw new Error(`no published package is called ${unknown.join(", ")}`);
  return { packages: names, kind: known, sentence };
}

/** The notes of the repository at `root`, by file name. */
export function readChangeNotes(root: string): Map<string, ChangeNote> {
  const published = publishedPackages(root);
  const files = readdirSync(join(root, ".changes")).filter((name) => name !== "README.md");
  return new Map(
    files.map((name) => {
      try {
        const text = readFileSync(join(root, ".changes", name), "utf8");
        return [name, parseChangeNote(text, published)] as const;
      } catch (cause) {
        throw new Error(`.changes/${name} is not a change note`, { cause });
      }
    }),
  );
}

/** Moves all notes into the packages' changelogs, under a heading for `version`. */
export function collectChangeNotes(root: string, version: string): void {
  const notes = readChangeNotes(root);
  for (const name of publishedPackages(root)) {
    const path = join(root, "packages", name, "CHANGELOG.md");
    const own = [...notes.values()].filter(({ packages }) => packages.includes(name));
    writeFileSync(path, withVersion(readFileSync(path, "utf8"), version, own));
  }
  for (const name of notes.keys()) rmSync(join(root, ".changes", name));
}

/** The changelog with a section for `version` above the older ones. */
export function withVersion(
  changelog: string,
  version: string,
  notes: readonly ChangeNote[],
): string {
  const lines = KINDS.flatMap((kind) =>
    notes
      .filter((note) => note.kind === kind)
      .map(({ sentence }) => `- **${kind[0]?.toUpperCase()}${kind.slice(1)}:** ${sentence}`),
  );
  const body =
    lines.length > 0 ? lines.join("\n") : "No changes: released with the other packages.";
  const section = `## ${version}\n\n${body}\n`;
  const older = changelog.search(/^## /m);
  return older === -1
    ? `${changelog}\n${section}`
    : `${changelog.slice(0, older)}${section}\n${changelog.slice(older)}`;
}

function publishedPackages(root: string): string[] {
  return readdirSync(join(root, "packages")).filter((name) => name !== "internal");
}
