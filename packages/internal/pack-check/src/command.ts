import { execFile } from "node:child_process";

interface CommandOptions {
  readonly cwd: string;
  /** Milliseconds. @default 120_000 */
  readonly timeout?: number;
}

/** Resolves to what the command printed; rejects with all of it if the command fails. */
export function run(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const { cwd, timeout = 120_000 } = options;
  const spawnOptions = { ...launchOptions(command), cwd, timeout, maxBuffer: 2 ** 26 };
  return new Promise((resolve, reject) => {
    execFile(command, args, spawnOptions, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const line = [command, ...args].join(" ");
      reject(new Error(`${line} failed in ${cwd}:\n${stdout}${stderr}`));
    });
  });
}

/** A user's environment; npm on Windows is a script, which needs a shell. */
export function launchOptions(command: string) {
  const shell = command === "npm" && process.platform === "win32";
  return { shell, env: environment(), encoding: "utf8" } as const;
}

/** The environment without what jest and npm have set: no user's program starts with that. */
function environment(): NodeJS.ProcessEnv {
  const ours = /^(npm_(package|lifecycle|config_workspace)|JEST_|NODE_(ENV|OPTIONS)$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}
