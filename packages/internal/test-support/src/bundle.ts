import { basename, dirname, extname, join } from "node:path";
import { buildSync } from "esbuild";
import { scratch } from "./scratch.ts";

export interface BundleOptions {
  /** Packages that stay where they are, such as those with a native part. They are found by path. */
  readonly external?: readonly string[];
}

/**
 * Compiles a TypeScript program and all that it imports into one CommonJS file, and returns that file's
 * path. A process that runs it starts at once; with a loader it would first translate every source,
 * which takes about a second. CommonJS has no `await` at the top level.
 */
export function bundle(program: string, { external = [] }: BundleOptions = {}): string {
  const outfile = join(scratch(), `${basename(program, extname(program))}.cjs`);
  const paths = external.map((name) => require.resolve(name, { paths: [dirname(program)] }));
  buildSync({
    entryPoints: [program],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    alias: Object.fromEntries(external.map((name, index) => [name, paths[index] ?? name])),
    external: paths,
  });
  return outfile;
}
