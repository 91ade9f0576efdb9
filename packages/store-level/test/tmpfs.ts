import { execFileSync } from "node:child_process";
import { afterEach, test } from "@jest/globals";
import { scratch } from "./scratch.ts";

/** A small file system in memory, to be filled up or made read-only. Needs root on Linux. */
export class Tmpfs {
  readonly path = scratch();

  constructor(size: string) {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", this.path], QUIET);
    mounted.push(this);
  }

  remount(options: string): void {
    execFileSync("mount", ["-o", `remount,${options}`, this.path], QUIET);
  }

  unmount(): void {
    execFileSync("umount", ["--lazy", this.path], QUIET);
  }
}

const QUIET = { stdio: "ignore" } as const;

const mounted: Tmpfs[] = [];

afterEach(() => {
  for (const tmpfs of mounted.splice(0)) tmpfs.unmount();
});

function canMount(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  try {
    new Tmpfs("64k");
    return true;
  } catch {
    return false;
  }
}

/** Skipped by name where file systems cannot be mounted. */
export const testOnTmpfs = canMount() ? test : test.skip;
