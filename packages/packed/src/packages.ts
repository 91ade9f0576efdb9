import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(__dirname, "../../..");

type Ranges = Readonly<Record<string, string>>;

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly dependencies?: Ranges;
  readonly devDependencies?: Ranges;
  readonly peerDependencies?: Ranges;
}

/** The `package.json` of every workspace, by name. */
export const workspaces: readonly Manifest[] = readdirSync(join(ROOT, "packages"))
  .sort()
  .map((folder) => read(join(ROOT, "packages", folder, "package.json")));

/** What users install. */
export const published = workspaces.filter((manifest) => manifest.private !== true);

/** The version of a package as the lockfile has it. */
export function locked(name: string): string {
  return read(join(ROOT, "node_modules", name, "package.json")).version;
}

function read(path: string): Manifest {
  return JSON.parse(readFileSync(path, "utf8"));
}
