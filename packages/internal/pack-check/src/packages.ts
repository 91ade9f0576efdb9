import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(__dirname, "../../../..");

type Ranges = Readonly<Record<string, string>>;

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly dependencies?: Ranges;
  readonly devDependencies?: Ranges;
  readonly peerDependencies?: Ranges;
}

/** The `package.json` of every workspace, by folder. */
export const workspaces: readonly Manifest[] = ["packages", "packages/internal"]
  .flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => join(ROOT, folder, name)))
  .map((folder) => join(folder, "package.json"))
  .filter(existsSync)
  .sort()
  .map(read);

/** What users install. */
export const published = workspaces.filter((manifest) => manifest.private !== true);

/** The version of a package as the lockfile has it. */
export function locked(name: string): string {
  return read(join(ROOT, "node_modules", name, "package.json")).version;
}

function read(path: string): Manifest {
  return JSON.parse(readFileSync(path, "utf8"));
}
