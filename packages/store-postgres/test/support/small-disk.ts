import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Why no small disk can be mounted here; undefined if one can. */
export function missingDisk(): string | undefined {
  if (process.platform !== "linux") return "a small disk can be mounted on Linux alone";
  if (isRoot() || spawnSync("sudo", ["-n", "true"]).status === 0) return undefined;
  return "only root can mount a small disk";
}

/** A file system in memory that is soon full. It belongs to the user who owns `folder`. */
export class SmallDisk {
  readonly path = mkdtempSync(join(tmpdir(), "sess-disk-"));

  constructor(folder: string) {
    const { uid, gid } = statSync(folder);
    asRoot("mount", "-t", "tmpfs", "-o", `size=1m,uid=${uid},gid=${gid}`, "tmpfs", this.path);
  }

  grow(): void {
    asRoot("mount", "-o", "remount,size=8m", this.path);
  }

  unmount(): void {
    asRoot("umount", "--lazy", this.path);
    rmSync(this.path, { recursive: true });
  }
}

function asRoot(command: string, ...args: readonly string[]): void {
  if (isRoot()) execFileSync(command, args, { stdio: "ignore" });
  else execFileSync("sudo", ["-n", command, ...args], { stdio: "ignore" });
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
