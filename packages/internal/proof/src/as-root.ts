import { execFileSync } from "node:child_process";

const isRoot = process.getuid?.() === 0;

/** The command line that runs a command with all rights, without asking for a password. */
export function asRoot(...command: string[]): [file: string, ...args: string[]] {
  const [file = "", ...args] = command;
  return isRoot ? [file, ...args] : ["sudo", "-n", file, ...args];
}

export function runAsRoot(...command: string[]): void {
  const [file, ...args] = asRoot(...command);
  execFileSync(file, args, { stdio: ["ignore", "ignore", "pipe"] });
}
