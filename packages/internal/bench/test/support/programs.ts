import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const PACKAGE = join(__dirname, "../..");

const run = promisify(execFile);

/** The programs of the benchmark, bundled as its own script does it, but for this test alone. */
export class Programs {
  // Inside the package, so that what they import is found.
  readonly folder = join(PACKAGE, "dist", `test-${process.pid}`);

  get worker(): string {
    return join(this.folder, "worker.js");
  }

  async bundle(): Promise<void> {
    const manifest = await readFile(join(PACKAGE, "package.json"), "utf8");
    const [, ...options] = String(JSON.parse(manifest).scripts.bundle).split(" ");
    const placed = options.map((each) =>
      each.startsWith("--outdir=") ? `--outdir=${this.folder}` : each,
    );
    await run(join(PACKAGE, "../../node_modules/.bin/esbuild"), placed, { cwd: PACKAGE });
  }

  /** Runs the benchmark; what it prints. */
  async main(...words: string[]): Promise<string> {
    return (await run(process.execPath, [join(this.folder, "main.js"), ...words])).stdout;
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
