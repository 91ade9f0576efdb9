import { join } from "node:path";
import { run } from "./command.ts";
import { published, ROOT } from "./packages.ts";

/** A packed package. */
export interface Tarball {
  readonly name: string;
  readonly path: string;
  readonly files: readonly string[];
}

interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Builds all packages and packs the published ones into `folder`. */
export async function tarballs(folder: string): Promise<Tarball[]> {
  await run("npm", ["run", "build"], { cwd: ROOT, timeout: 300_000 });
  const which = published.flatMap(({ name }) => ["--workspace", name]);
  const pack = ["pack", "--json", "--pack-destination", folder, ...which];
  const packed: Packed[] = JSON.parse(await run("npm", pack, { cwd: ROOT }));
  return packed.map(({ name, filename, files }) => ({
    name,
    path: join(folder, filename),
    files: files.map(({ path }) => path).sort(),
  }));
}
