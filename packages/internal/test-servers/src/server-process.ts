import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The user that a server runs as; empty for the user of this process. */
interface User {
  readonly uid?: number;
  readonly gid?: number;
}

interface ServerProcessOptions {
  /** Part of the line that the server prints once it accepts connections. */
  readonly readyLine: string;
  /** Ends the server at once, as a crash does. */
  readonly crashSignal: NodeJS.Signals;
  /** @default the user of this process */
  readonly user?: User;
}

/** A server in a child process, with a folder of its own. Both are gone when this process exits. */
export class ServerProcess {
  readonly folder: string;
  readonly #options: ServerProcessOptions;
  #child: ChildProcess | undefined;

  /** `name` is part of the folder's name. */
  constructor(name: string, options: ServerProcessOptions) {
    this.folder = mkdtempSync(join(tmpdir(), `sess-${name}-`));
    this.#options = options;
    const { uid, gid } = options.user ?? {};
    if (uid !== undefined && gid !== undefined) chownSync(this.folder, uid, gid);
    process.once("exit", this.#atExit);
  }

  /** Starts the server. Rejects with what it printed if it ends before it accepts connections. */
  async run(command: string, args: readonly string[]): Promise<void> {
    const { readyLine, user } = this.#options;
    const child = spawn(command, args, { ...user, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      const printed: string[] = [];
      // Read to the end: a server stops at a full pipe.
      for (const input of [child.stdout, child.stderr]) {
        createInterface({ input }).on("line", (line) => {
          printed.push(line);
          if (line.includes(readyLine)) resolve();
        });
      }
      child.once("error", reject);
      child.once("exit", () =>
        reject(new Error(`${command} did not start:\n${printed.join("\n")}`)),
      );
    });
  }

  /** Ends the server and waits until it is gone; the folder stays. */
  async end(signal = this.#options.crashSignal): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, "exit");
  }

  /** Stops the server in the middle of whatever it does: it holds its connections and answers nothing. */
  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  /** Lets a frozen server go on. */
  thaw(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Ends the server and removes its folder. */
  async remove(): Promise<void> {
    await this.end();
    process.off("exit", this.#atExit);
    this.#removeFolder();
  }

  readonly #atExit = () => {
    this.#child?.kill(this.#options.crashSignal);
    this.#removeFolder();
  };

  #removeFolder(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The user `postgres` where this process is root: PostgreSQL and PgBouncer refuse to run as root. */
export function postgresUser(): User {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ["-u", "-g"].map((which) =>
    Number(spawnSync("id", [which, "postgres"], { encoding: "utf8" }).stdout),
  );
  return uid && gid ? { uid, gid } : {};
}
