import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { afterTest } from "./cleanup.ts";
import { scratch } from "./scratch.ts";

export interface SmallDiskOptions {
  /** As `mount` takes it: `2m`, `64k`. */
  readonly size: string;
  /**
   * A file or directory whose owner the disk gets.
   *
   * @default root owns it
   */
  readonly ownedLike?: string;
}

/**
 * A file system in memory that is soon full. It is unmounted after the test that made it. Linux only;
 * needs root, or sudo without a password.
 */
export class SmallDisk {
  readonly path = scratch();

  constructor({ size, ownedLike }: SmallDiskOptions) {
    const { uid = 0, gid = 0 } = ownedLike === undefined ? {} : statSync(ownedLike);
    asRoot("mount", "-t", "tmpfs", "-o", `size=${size},uid=${uid},gid=${gid}`, "tmpfs", this.path);
    afterTest(() => asRoot("umount", "--lazy", this.path));
  }

  /** Changes how it is mounted: `size=16m`, `ro`. */
  remount(options: string): void {
    asRoot("mount", "-o", `remount,${options}`, this.path);
  }
}

/** Why no small disk can be mounted here; undefined if one can. */
export function missingSmallDisk(): string | undefined {
  if (process.platform !== "linux") return "a small disk can be mounted on Linux alone";
  try {
    new SmallDisk({ size: "64k" });
    return undefined;
  } catch {
    return "this process may not mount a small disk";
  }
}

function asRoot(command: string, ...args: readonly string[]): void {
  if (process.getuid?.() === 0) execFileSync(command, args, { stdio: "ignore" });
  else execFileSync("sudo", ["-n", command, ...args], { stdio: "ignore" });
}
