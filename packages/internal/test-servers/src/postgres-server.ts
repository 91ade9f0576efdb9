import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Client } from "pg";
import { freePort } from "./free-port.ts";
import { unprivileged } from "./unprivileged.ts";

const LOCAL = { host: "127.0.0.1", port: 5432 };

/** Where packages of Debian and Ubuntu install the server: it is not in the PATH. */
const INSTALLED = "/usr/lib/postgresql";

/** A PostgreSQL to work against. */
export interface OpenPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** Why there is no PostgreSQL to test against; undefined where there is one. */
export function missingPostgres(): string | undefined {
  if (process.env["DATABASE_URL"] !== undefined || localListens()) return undefined;
  return missingPostgresServer();
}

/** Why no PostgreSQL can be started here. */
export function missingPostgresServer(): string | undefined {
  return binaries() === undefined ? "postgresql is not installed" : undefined;
}

/** That of `DATABASE_URL`; or the one of this machine, where it lets us in; or one of our own. */
export async function openPostgres(): Promise<OpenPostgres> {
  const { DATABASE_URL } = process.env;
  const url = DATABASE_URL ?? `postgres://postgres@${LOCAL.host}:${LOCAL.port}/postgres`;
  if (DATABASE_URL !== undefined || (await letsIn(url))) return { url, stop: async () => {} };
  return PostgresServer.start();
}

/** A PostgreSQL that was started here, with a directory of its own, and is gone after `stop()`. */
export class PostgresServer implements OpenPostgres {
  readonly host = LOCAL.host;
  readonly port: number;
  /** Where its data lies. */
  readonly folder: string;
  readonly #binaries: string;
  #child: ChildProcess | undefined;

  private constructor(port: number, folder: string, binaries: string) {
    this.port = port;
    this.folder = folder;
    this.#binaries = binaries;
  }

  static async start(): Promise<PostgresServer> {
    const found = binaries();
    if (found === undefined) throw new Error("postgresql is not installed");
    const folder = mkdtempSync(join(tmpdir(), "sess-postgres-"));
    const { uid, gid } = unprivileged();
    if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
    const server = new PostgresServer(await freePort(), folder, found);
    const settings = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C"];
    const made = spawnSync(join(found, "initdb"), [...settings, "--no-sync", folder], {
      ...unprivileged(),
      encoding: "utf8",
    });
    if (made.status !== 0) throw new Error(`initdb failed:\n${made.stderr}`);
    await server.run();
    return server;
  }

  get url(): string {
    return `postgres://postgres@${this.host}:${this.port}/postgres`;
  }

  /** Starts it, again on the same data where it ran before; resolves when it serves. */
  async run(): Promise<void> {
    const place = ["-D", this.folder, "-p", String(this.port), "-h", this.host, "-k", this.folder];
    // What a crash of the process leaves is in the files all the same.
    const child = spawn(join(this.#binaries, "postgres"), [...place, "-c", "fsync=off"], {
      ...unprivileged(),
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#child = child;
    process.once("exit", this.#atExit);
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stderr })) {
      said.push(line);
      if (line.includes("ready to accept connections")) {
        // Read on to nowhere, or the server would stop at a full pipe.
        child.stderr.resume();
        return;
      }
    }
    throw new Error(`postgres did not start:\n${said.join("\n")}`);
  }

  /** Ends it with its connections: with `"fast"` as it is shut down, with `"crash"` as it breaks. */
  async end(how: "fast" | "crash"): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    process.off("exit", this.#atExit);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(how === "fast" ? "SIGINT" : "SIGQUIT");
    await once(child, "exit");
  }

  async stop(): Promise<void> {
    await this.end("crash");
    rmSync(this.folder, { recursive: true, force: true });
  }

  readonly #atExit = () => {
    this.#child?.kill("SIGQUIT");
    rmSync(this.folder, { recursive: true, force: true });
  };
}

/** The folder with the newest server that is installed. */
function binaries(): string | undefined {
  const path = spawnSync("postgres", ["--version"], { stdio: "ignore" });
  if (path.status === 0 && spawnSync("initdb", ["--version"]).status === 0) return "";
  try {
    const [newest] = readdirSync(INSTALLED).sort((one, other) => Number(other) - Number(one));
    return newest && join(INSTALLED, newest, "bin");
  } catch {
    return undefined;
  }
}

/** In a process of its own, since tests are named before anything can be waited for. */
function localListens(): boolean {
  const program = `require("node:net").connect(${JSON.stringify(LOCAL)})
    .on("connect", () => process.exit(0)).on("error", () => process.exit(1))`;
  return spawnSync(process.execPath, ["-e", program], { timeout: 5_000 }).status === 0;
}

async function letsIn(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}
