import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch } from "./command.ts";

/** A runtime that we promise to run on, as its npm package carries it. */
interface Runtime {
  readonly name: string;
  /** The package, and the command that it brings. */
  readonly command: string;
  readonly version: string;
  /** What stands before a program's name. */
  readonly flags: readonly string[];
}

export const runtimes: readonly Runtime[] = [
  // The oldest that our `engines` admit, and one of each later line.
  { name: "Node", command: "node", version: "20.19.0", flags: [] },
  { name: "Node", command: "node", version: "22.23.3", flags: [] },
  { name: "Node", command: "node", version: "24.21.0", flags: [] },
  { name: "Bun", command: "bun", version: "1.4.5", flags: ["run"] },
  { name: "Deno", command: "deno", version: "2.9.6", flags: ["run", "--allow-all"] },
];

/** The path of the runtime's binary; undefined where it cannot be had, as without a network. */
export function find({ command, version, flags }: Runtime): string | undefined {
  const ask = [command, ...flags, join(__dirname, "../programs/where.mjs")];
  const args = ["exec", "--yes", `--package=${command}@${version}`, "--", ...ask];
  const options = { ...launch("npm"), cwd: tmpdir(), stdio: "pipe", timeout: 120_000 } as const;
  try {
    return execFileSync("npm", args, options).trim();
  } catch {
    return undefined;
  }
}
