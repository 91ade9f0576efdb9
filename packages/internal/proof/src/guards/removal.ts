import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Guard } from "./guard.ts";

const LEFT_OUT = /\/(node_modules|dist|\.git)(\/|$)/;

/** Ms after which tests are stopped that do not end without a guard. */
const PATIENCE = 300_000;

/** What came of taking a guard out. */
export interface Removal {
  readonly guard: Guard;
  /** The first test that went red, behind its file; undefined where none did. */
  readonly red: string | undefined;
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    /** Empty where the file could not even be loaded. */
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** A copy of the repository in which guards are taken out, one at a time. */
export class Copy {
  readonly #root: string;

  constructor(repository: string) {
    this.#root = mkdtempSync(join(tmpdir(), "sess-guards-"));
    cpSync(repository, this.#root, {
      recursive: true,
      filter: (path) => !LEFT_OUT.test(path.slice(repository.length)),
    });
    symlinkSync(join(repository, "node_modules"), join(this.#root, "node_modules"));
  }

  /** Throws where a test of theirs is red with every guard in place: it would show nothing. */
  async mustBeGreen(guards: readonly Guard[]): Promise<void> {
    const tests = new Set(guards.flatMap((guard) => guard.tests));
    const { failed, passed } = resultsOf(await this.#tested([...tests, "--maxWorkers=2"]));
    if (failed.length === 0 && passed.length > 0) return;
    throw new Error(`With every guard in place these are red:\n${failed.join("\n")}`);
  }

  /** Runs the tests of `guard` without it, and puts it back. */
  async without(guard: Guard): Promise<Removal> {
    const path = join(this.#root, guard.file);
    const source = readFileSync(path, "utf8");
    writeFileSync(path, removed(source, guard));
    try {
      const { failed, passed } = resultsOf(await this.#tested([...guard.tests, "--runInBand"]));
      // Where nothing is green any more, it is not the guard's absence that was noticed.
      return { guard, red: passed.length > 0 ? failed[0] : undefined };
    } finally {
      writeFileSync(path, source);
    }
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #tested(args: readonly string[]): Promise<Report> {
    const output = join(this.#root, "result.json");
    rmSync(output, { force: true });
    const jest = join("node_modules", "jest", "bin", "jest.js");
    // What was never to end must not keep the process.
    const all = [jest, ...args, "--forceExit", "--json", `--outputFile=${output}`, "--silent"];
    const options = { cwd: this.#root, maxBuffer: 2 ** 28, timeout: PATIENCE };
    return new Promise((resolve, reject) => {
      execFile(process.execPath, all, options, (error) => {
        try {
          if (error?.killed) resolve({ testResults: [] });
          else resolve(JSON.parse(readFileSync(output, "utf8")));
        } catch {
          reject(error);
        }
      });
    });
  }
}

/** `source` without the guard. Throws where the guard is not there, or not there alone. */
export function removed(source: string, { file, text, instead }: Guard): string {
  const [before, after, more] = source.split(text);
  if (before !== undefined && after !== undefined && more === undefined)
    return before + instead + after;
  throw new Error(`${file} must hold this once:\n${text}`);
}

/** The tests that ran, by what came of them. A file that could not be loaded has none. */
function resultsOf({ testResults }: Report) {
  const results = testResults.flatMap(({ name: path, assertionResults }) =>
    assertionResults.map(({ status, fullName }) => {
      return { status, name: `${basename(path, ".test.ts")}: ${fullName}` };
    }),
  );
  const having = (wanted: string) =>
    results.filter(({ status }) => status === wanted).map(({ name }) => name);
  return { failed: having("failed"), passed: having("passed") };
}
