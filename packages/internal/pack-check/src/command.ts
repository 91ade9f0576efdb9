import { execFile } from "node:child_process";

/** Where a command runs, and how long it may take. */
interface Place {
  readonly cwd: string;
  readonly timeout?: number;
}

/** What the command printed. Rejects with all it printed where it failed: that is the evidence. */
export function run(command: string, args: readonly string[], place: Place): Promise<string> {
  const { cwd, timeout = 120_000 } = place;
  const options = { ...launch(command), cwd, timeout, maxBuffer: 2 ** 26 };
  return new Promise((resolve, reject) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const line = [command, ...args].join(" ");
      reject(new Error(`${line} failed in ${cwd}:\n${stdout}${stderr}`));
    });
  });
}

/** How any command is started: with the user's environment, and npm on Windows through a shell. */
export function launch(command: string) {
  const shell = command === "npm" && process.platform === "win32";
  return { shell, env: environment(), encoding: "utf8" } as const;
}

/** What the test runner and `npm test` have set is theirs: no user's program starts with it. */
function environment(): NodeJS.ProcessEnv {
  const ours = /^(npm_(package|lifecycle|config_workspace)|JEST_|NODE_(ENV|OPTIONS)$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}
