import { execFileSync } from "node:child_process";
import { afterEach, test } from "@jest/globals";
import { scratch } from "./scratch.ts";

/** A small file system in memory, to be filled up or made read-only. Needs root on Linux, or sudo. */
export class Tmpfs {
  readonly path = scratch();

  constructor(size: string) {
    asRoot("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", this.path);
    mounted.push(this);
  }

  remount(options: string): void {
    asRoot("mount", "-o", `remount,${options}`, this.path);
  }

  unmount(): void {
    asRoot("umount", "--lazy", this.path);
  }
}

const mounted: Tmpfs[] = [];

afterEach(() => {
  for (const tmpfs of mounted.splice(0)) tmpfs.unmount();
});

function asRoot(...command: [file: string, ...args: string[]]): void {
  const [file, ...args] =
    process.getuid?.() === 0 ? command : (["sudo", "-n", ...command] as const);
  execFileSync(file, args, { stdio: "ignore" });
}

function canMount(): boolean {
  if (process.platform !== "linux") return false;
  // There nothing is skipped: where file systems cannot be mounted, the tests fail.
  if (process.env["CI"] === "true") return true;
  try {
    new Tmpfs("64k");
    return true;
  } catch {
    return false;
  }
}

/** Skipped where file systems cannot be mounted, and then its name says so. */
export const testOnTmpfs = canMount()
  ? test
  : (name: string, run: () => Promise<void>) => {
      test.skip(`${name} (skipped: cannot mount a file system)`, run);
    };
