import { execFileSync, spawnSync } from "node:child_process";

const isRoot = process.getuid?.() === 0;

/** What some tests cannot do without, besides Linux. */
type Need = "root" | "cc" | "mkfs.ext4" | "unshare";

/** Why tests with these needs cannot run here; undefined where they can. For `orSkip`. */
export function missing(...needs: Need[]): string | undefined {
  if (process.platform !== "linux") return "this is not Linux";
  const absent = needs.filter((need) => !has(need));
  return absent.length > 0 ? `${absent.join(" and ")} is not available` : undefined;
}

/** The command line that runs a command as root, without asking for a password. */
export function asRoot(...command: string[]): [file: string, ...args: string[]] {
  const [file = "", ...args] = command;
  return isRoot ? [file, ...args] : ["sudo", "-n", file, ...args];
}

export function runAsRoot(...command: string[]): void {
  const [file, ...args] = asRoot(...command);
  execFileSync(file, args, { stdio: ["ignore", "ignore", "pipe"] });
}

function has(need: Need): boolean {
  if (need === "root") return succeeds(...asRoot("true"));
  const find = ["sh", "-c", `command -v ${need}`] as const;
  // mkfs.ext4 may be in the PATH of root alone.
  return succeeds(...find) || succeeds(...asRoot(...find));
}

function succeeds(file: string, ...args: string[]): boolean {
  return spawnSync(file, args, { stdio: "ignore" }).status === 0;
}
