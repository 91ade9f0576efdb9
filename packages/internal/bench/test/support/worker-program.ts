import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const PACKAGE = join(__dirname, "../..");

/** The worker program of the benchmark, bundled for this test alone, as the script of the package does it. */
export class WorkerProgram {
  // Inside the package, so that its imports are found.
  readonly #folder = join(PACKAGE, "dist", `test-${process.pid}`);

  get path(): string {
    return join(this.#folder, "worker.js");
  }

  async bundle(): Promise<void> {
    const manifest = await readFile(join(PACKAGE, "package.json"), "utf8");
    const [, ...words] = String(JSON.parse(manifest).scripts.bundle).split(" ");
    const options = words.filter((word) => !word.startsWith("--outdir="));
    const esbuild = join(PACKAGE, "../../../node_modules/.bin/esbuild");
    const run = promisify(execFile);
    await run(esbuild, [...options, `--outdir=${this.#folder}`], { cwd: PACKAGE });
  }

  remove(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }
}
