import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { postgresUser, ServerProcess } from "./server-process.ts";

/** Debian's and Ubuntu's packages install the server here, outside the PATH. */
const DEBIAN_FOLDER = "/usr/lib/postgresql";

/** A PostgreSQL to test against. */
export interface OpenPostgres {
  readonly url: string;
  /** Stops the server if `openPostgres` started it. */
  readonly stop: () => Promise<void>;
}

/** Why there is no PostgreSQL to test against; undefined if there is one. */
export function missingPostgres(): string | undefined {
  return process.env["DATABASE_URL"] === undefined ? missingPostgresServer() : undefined;
}

/** Why no PostgreSQL can be started here; undefined if one can. */
export function missingPostgresServer(): string | undefined {
  return findBinaries() === undefined ? "postgresql is not installed" : undefined;
}

/** The server of `DATABASE_URL`, or one started here. */
export async function openPostgres(): Promise<OpenPostgres> {
  const url = process.env["DATABASE_URL"];
  if (url !== undefined) return { url, stop: async () => {} };
  const server = await PostgresServer.start();
  return { url: server.url, stop: () => server.stop() };
}

/** A PostgreSQL server with a data folder of its own. */
export class PostgresServer {
  readonly host = "127.0.0.1";
  readonly port: number;
  readonly #process: ServerProcess;
  readonly #binaries: string;

  private constructor(port: number, process: ServerProcess, binaries: string) {
    this.port = port;
    this.#process = process;
    this.#binaries = binaries;
  }

  static async start(): Promise<PostgresServer> {
    const binaries = findBinaries();
    if (binaries === undefined) throw new Error("postgresql is not installed");
    const process = new ServerProcess("postgres", {
      readyLine: "ready to accept connections",
      crashSignal: "SIGQUIT",
      user: postgresUser(),
    });
    const settings = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C"];
    const { status, stderr } = spawnSync(
      join(binaries, "initdb"),
      [...settings, "--no-sync", process.folder],
      { ...postgresUser(), encoding: "utf8" },
    );
    if (status !== 0) throw new Error(`initdb failed:\n${stderr}`);
    const server = new PostgresServer(await freePort(), process, binaries);
    await server.run();
    return server;
  }

  /** The data folder. */
  get folder(): string {
    return this.#process.folder;
  }

  get url(): string {
    return `postgres://postgres@${this.host}:${this.port}/postgres`;
  }

  /** Starts the server, or starts it again on the same data. Resolves when it accepts connections. */
  run(): Promise<void> {
    const { folder } = this;
    const place = ["-D", folder, "-p", String(this.port), "-h", this.host, "-k", folder];
    // Without fsync a crash of the process still loses nothing: the files are in the page cache.
    return this.#process.run(join(this.#binaries, "postgres"), [...place, "-c", "fsync=off"]);
  }

  /** Ends the server and its connections: `"fast"` shuts it down, `"crash"` recovers at the next `run`. */
  end(how: "fast" | "crash"): Promise<void> {
    return this.#process.end(how === "fast" ? "SIGINT" : "SIGQUIT");
  }

  stop(): Promise<void> {
    return this.#process.remove();
  }
}

/** The folder of the newest server installed; empty where the PATH has it. */
function findBinaries(): string | undefined {
  const inPath = ["postgres", "initdb"].every(
    (command) => spawnSync(command, ["--version"]).status === 0,
  );
  if (inPath) return "";
  try {
    const [newest] = readdirSync(DEBIAN_FOLDER).sort((a, b) => Number(b) - Number(a));
    return newest && join(DEBIAN_FOLDER, newest, "bin");
  } catch {
    return undefined;
  }
}
