import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { transformSync } from "@swc/core";
import { run } from "./command.ts";
import { locked, ROOT } from "./packages.ts";
import { type Tarball, tarballs } from "./tarballs.ts";

const PROGRAMS = join(__dirname, "../programs");
const EXAMPLES = join(ROOT, "packages/internal/examples/src");

/** A folder outside this repository with the packed packages installed, as a user has them. */
export class Installation {
  #temporary = "";
  #tarballs: readonly Tarball[] = [];

  async create(): Promise<void> {
    this.#temporary = mkdtempSync(join(tmpdir(), "sess-packed-"));
    this.#tarballs = await tarballs(this.#temporary);
    mkdirSync(this.path());
    this.write("package.json", JSON.stringify({ private: true }));
    const what = [
      ...this.#tarballs.map(({ path }) => path),
      // The versions of the lockfile, so that no release of theirs fails these tests.
      `classic-level@${locked("classic-level")}`,
      `redis@${locked("redis")}`,
      `pg@${locked("pg")}`,
      `@types/pg@${locked("@types/pg")}`,
      `@electric-sql/pglite@${locked("@electric-sql/pglite")}`,
      `@types/node@${locked("@types/node")}`,
    ];
    // Strict, so that an unmet peer range fails here.
    const flags = ["--strict-peer-deps", "--prefer-offline", "--no-audit", "--no-fund"];
    await run("npm", ["install", ...flags, ...what], { cwd: this.path() });
    cpSync(PROGRAMS, this.path(), { recursive: true });
    for (const name of ["memory", "level-save", "level-load"]) {
      this.addModule(name, readFileSync(join(EXAMPLES, `${name}.ts`), "utf8"));
    }
  }

  tarball(name: string): Tarball {
    const found = this.#tarballs.find((tarball) => tarball.name === name);
    if (found === undefined) throw new Error(`${name} was not packed.`);
    return found;
  }

  path(...names: readonly string[]): string {
    return join(this.#temporary, "user", ...names);
  }

  write(name: string, text: string): void {
    writeFileSync(this.path(name), text);
  }

  /** Runs Node, the one that runs the tests, and resolves to what it printed. */
  node(...args: readonly string[]): Promise<string> {
    return this.run(process.execPath, ...args);
  }

  run(command: string, ...args: readonly string[]): Promise<string> {
    return run(command, args, { cwd: this.path() });
  }

  remove(): void {
    rmSync(this.#temporary, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Writes a module as TypeScript and as JavaScript: the oldest Node we support cannot run the former. */
  addModule(name: string, source: string): void {
    const jsc = { parser: { syntax: "typescript" }, target: "es2022" } as const;
    this.write(`${name}.mts`, source);
    this.write(`${name}.mjs`, transformSync(source, { jsc }).code);
  }
}
