import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { scratch } from "./scratch.ts";

/** Compiles a C source of `native/` with the system's compiler and names what came out. */
export function compiled(source: string, ...flags: string[]): string {
  const out = join(scratch(), source.replace(/\.c$/, ""));
  execFileSync("cc", [...flags, "-O1", "-Wall", "-o", out, join(__dirname, "native", source)]);
  return out;
}
