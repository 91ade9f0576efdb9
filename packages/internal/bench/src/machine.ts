import { existsSync, readFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";

/** What the figures were measured on, and of which versions. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memory: string;
  readonly system: string;
  readonly node: string;
  readonly versions: Record<string, string>;
}

interface Manifest {
  readonly version: string;
  readonly dependencies?: Record<string, string>;
}

const GIB = 2 ** 30;

/** What only shows or drives. */
const TOOLS = ["autocannon", "cli-progress", "cookie", "echarts", "tinybench"];

/** This machine, with the versions that a package's dependencies are installed in. */
export function thisMachine(directory: string): Machine {
  const all = cpus();
  return {
    processor: all[0]?.model.trim() ?? "unknown",
    cores: all.length,
    memory: `${Math.round(totalmem() / GIB)} GiB`,
    system: `${type()} ${release()}`,
    node: process.version,
    versions: versionsIn(directory),
  };
}

function versionsIn(directory: string): Record<string, string> {
  const { dependencies = {} } = manifestIn(directory);
  const names = Object.keys(dependencies).filter((name) => !TOOLS.includes(name));
  const foreign = names.filter((name) => !name.startsWith("@sess/"));
  return Object.fromEntries(foreign.map((name) => [name, versionOf(name, directory)]));
}

/** As Node finds it: beside the package, or above. */
function versionOf(name: string, directory: string): string {
  const places = [directory, join(directory, "../..")].map((place) =>
    join(place, "node_modules", name),
  );
  const place = places.find((each) => existsSync(each));
  return place === undefined ? "not installed" : manifestIn(place).version;
}

function manifestIn(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
}
