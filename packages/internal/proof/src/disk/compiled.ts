import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { scratch } from "@sess/test-support";

/** Compiles a C source of this folder with the system's compiler, and returns the path of the result. */
export function compiled(source: string, ...flags: string[]): string {
  const out = join(scratch(), source.replace(/\.c$/, ""));
  execFileSync("cc", [...flags, "-O1", "-Wall", "-o", out, join(__dirname, source)]);
  return out;
}
