import { join } from "node:path";
import { buildSync } from "esbuild";
import { scratch } from "./scratch.ts";

/**
 * Builds a program of `programs/` with all that it imports into one file, and names that. Started
 * from its sources each process would take a second to translate them.
 */
export function bundle(program: string): string {
  const outfile = join(scratch(), program.replace(/\.ts$/, ".cjs"));
  const classicLevel = require.resolve("classic-level");
  buildSync({
    entryPoints: [join(__dirname, "programs", program)],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    // Its engine lies beside it and is found from there.
    alias: { "classic-level": classicLevel },
    external: [classicLevel],
  });
  return outfile;
}
