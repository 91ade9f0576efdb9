import { createRequire } from "node:module";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";
import { SessionError } from "../../src/contract/errors.ts";

const TYPESCRIPT = [".ts", ".mts", ".cts", ".tsx"];

/** Flags that decide how modules are found and translated; each may take its value from the next word. */
const LOADER_FLAGS = [
  "--import",
  "--require",
  "-r",
  "--loader",
  "--experimental-loader",
  "--conditions",
  "-C",
];

const LOADER_SWITCHES = ["--experimental-strip-types", "--experimental-transform-types"];

const TRANSLATORS = /tsx|ts-node|swc|esbuild|jiti|strip-types|transform-types/;

/**
 * Node's arguments for a process that runs `file`: those of this process that load modules, and for
 * TypeScript that this Node cannot run by itself the loader `tsx`, if it is installed.
 *
 * @throws INVALID_OPTION if nothing here can load TypeScript.
 */
export function loaderArguments(file: string, own: readonly string[] = process.execArgv): string[] {
  const inherited = loadersAmong(own);
  const isTypeScript = TYPESCRIPT.includes(extname(file));
  if (!isTypeScript || runsTypeScript() || inherited.some((flag) => TRANSLATORS.test(flag))) {
    return inherited;
  }
  const tsx = findTsx(file);
  if (tsx !== undefined) return [...inherited, "--import", tsx];
  if (inherited.length > 0) return inherited;
  throw new SessionError(
    "INVALID_OPTION",
    `anotherProcess: module is ${file}, and Node ${process.versions.node} does not load TypeScript. ` +
      "Install tsx, pass execArgv with a loader, or write the module in JavaScript.",
  );
}

function loadersAmong(flags: readonly string[]): string[] {
  return flags.flatMap((flag, index) => {
    const [name = ""] = flag.split("=");
    if (LOADER_SWITCHES.includes(name)) return [flag];
    if (!LOADER_FLAGS.includes(name)) return [];
    const value = flags[index + 1];
    return flag !== name || value === undefined ? [flag] : [flag, value];
  });
}

function runsTypeScript(): boolean {
  const features: object = process.features;
  return "typescript" in features && Boolean(features.typescript);
}

/** By its file's URL: a bare name would be looked up from the working directory. */
function findTsx(file: string): string | undefined {
  try {
    return pathToFileURL(createRequire(file).resolve("tsx")).href;
  } catch {
    return undefined;
  }
}
