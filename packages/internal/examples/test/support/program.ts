import { type ChildProcess, spawn } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { scratch } from "@sess/test-support";

/** The top of the repository. */
export const ROOT = join(__dirname, "../../../../..");
export const EXAMPLES = join(ROOT, "packages/internal/examples/src");

/** What a program did. */
export interface Outcome {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Starts a TypeScript program, in which `@sess/*` is the source of this repository. */
export function start(
  file: string,
  args: readonly string[],
  folder: string,
  variables: NodeJS.ProcessEnv = {},
) {
  const loader = join(ROOT, "node_modules/tsx/dist/loader.mjs");
  const env = {
    ...process.env,
    TSX_TSCONFIG_PATH: join(ROOT, "packages/internal/examples/tsconfig.json"),
    NODE_OPTIONS: "",
    ...variables,
  };
  return spawn(process.execPath, ["--import", loader, file, ...args], { cwd: folder, env });
}

/** Runs a program to its end. */
export async function run(
  file: string,
  args: readonly string[],
  folder: string,
  variables?: NodeJS.ProcessEnv,
): Promise<Outcome> {
  const child = start(file, args, folder, variables);
  const [output, errors, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    exitStatus(child),
  ]);
  return { status, output, errors };
}

/** An empty folder in which programs find the packages of this repository. */
export function makeFolder(): string {
  const folder = scratch();
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "junction");
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  return folder;
}

/** The text with each handle, which is new in every run, replaced by `~…`. */
export function withoutHandles(text: string): string {
  return text.replace(/~[\w-]{43}/g, "~…");
}

export function exitStatus(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
}
