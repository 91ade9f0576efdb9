import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export const ROOT = join(__dirname, "../../../..");

type Ranges = Readonly<Record<string, string>>;

/** The parts of a `package.json` that are checked. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly keywords?: readonly string[];
  readonly license?: string;
  readonly sideEffects?: boolean;
  readonly files?: readonly string[];
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Ranges;
  readonly devDependencies?: Ranges;
  readonly peerDependencies?: Ranges;
}

export interface Workspace extends Manifest {
  /** The folder of its `package.json`. */
  readonly folder: string;
}

/** Every workspace of the repository. */
export const workspaces: readonly Workspace[] = ["packages", "packages/internal"]
  .flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => join(ROOT, folder, name)))
  .map((folder) => join(folder, "package.json"))
  .filter((path) => existsSync(path))
  .sort()
  .map((path) => ({ ...readManifest(path), folder: dirname(path) }));

/** The packages that users install. */
export const published = workspaces.filter((workspace) => workspace.private !== true);

/** The installed version of a package, which is the lockfile's. */
export function locked(name: string): string {
  return readManifest(join(ROOT, "node_modules", name, "package.json")).version;
}

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(path, "utf8"));
}
