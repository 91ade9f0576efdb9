import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchOptions } from "./command.ts";

/** A runtime that we promise to run on, installed from its npm package. */
interface Runtime {
  readonly name: string;
  /** The npm package and its command, which share a name. */
  readonly command: string;
  readonly version: string;
  /** Arguments before the program's name. */
  readonly flags: readonly string[];
}

export const runtimes: readonly Runtime[] = [
  // The oldest that our `engines` admit, and one of each later major.
  { name: "Node", command: "node", version: "20.19.0", flags: [] },
  { name: "Node", command: "node", version: "22.23.3", flags: [] },
  { name: "Node", command: "node", version: "24.21.0", flags: [] },
  { name: "Bun", command: "bun", version: "1.4.5", flags: ["run"] },
  { name: "Deno", command: "deno", version: "2.9.6", flags: ["run", "--allow-all"] },
];

/** The path of the runtime's binary; undefined if it cannot be fetched, as without a network. */
export function find({ command, version, flags }: Runtime): string | undefined {
  const ask = [command, ...flags, join(__dirname, "../programs/where.mjs")];
  const args = ["exec", "--yes", `--package=${command}@${version}`, "--", ...ask];
  const options = {
    ...launchOptions("npm"),
    cwd: tmpdir(),
    stdio: "pipe",
    timeout: 120_000,
  } as const;
  try {
    return execFileSync("npm", args, options).trim();
  } catch {
    return undefined;
  }
}
