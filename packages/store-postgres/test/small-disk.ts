import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Why no small disk can be had here. */
export function missingDisk(): string | undefined {
  if (process.platform !== "linux") return "a small disk can be mounted on Linux alone";
  if (process.getuid?.() === 0 || spawnSync("sudo", ["-n", "true"]).status === 0) return undefined;
  return "only root can mount a small disk";
}

/** A file system in memory that is soon full, for the user that owns `folder`. */
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

function asRoot(...command: [file: string, ...args: string[]]): void {
  const [file, ...args] =
    process.getuid?.() === 0 ? command : (["sudo", "-n", ...command] as const);
  execFileSync(file, args, { stdio: "ignore" });
}
