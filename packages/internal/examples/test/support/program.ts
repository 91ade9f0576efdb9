import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The top of the repository. */
export const ROOT = join(__dirname, "../../../../..");
export const EXAMPLES = join(ROOT, "packages/internal/examples/src");

/** What a program did. */
export interface Outcome {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Starts a TypeScript program; `@sess/*` is the source of this repository. */
export function start(file: string, args: readonly string[], folder: string): ChildProcess {
  const loader = join(ROOT, "node_modules/tsx/dist/loader.mjs");
  const env = {
    ...process.env,
    TSX_TSCONFIG_PATH: join(ROOT, "packages/internal/examples/tsconfig.json"),
    NODE_OPTIONS: "",
    PORT: "0",
  };
  return spawn(process.execPath, ["--import", loader, file, ...args], { cwd: folder, env });
}

/** Runs a program to its end. */
export async function run(file: string, args: readonly string[], folder: string): Promise<Outcome> {
  const child = start(file, args, folder);
  let output = "";
  let errors = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return { status, output, errors };
}

/** An empty folder, from which programs find the packages of this repository. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sess-examples-"));
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
  return folder;
}

export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

/** Text of which each handle, new in every run, is the same. */
export function withoutHandles(text: string): string {
  return text.replace(/~[\w-]{43}/g, "~…");
}
