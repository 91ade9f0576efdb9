import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { postgresUser, ServerProcess } from "./server-process.ts";

/** How long PgBouncer keeps a server's connection for one client. */
type PoolMode = "session" | "transaction";

/** Why no PgBouncer can be started here; undefined if one can. */
export function missingPgBouncer(): string | undefined {
  const { error } = spawnSync("pgbouncer", ["--version"], { stdio: "ignore" });
  return error === undefined ? undefined : "pgbouncer is not installed";
}

/** A PgBouncer with two connections to a server that lets `postgres` in without a password. */
export class PgBouncer {
  readonly url: string;
  readonly #process: ServerProcess;

  private constructor(port: number, process: ServerProcess) {
    this.url = `postgres://postgres@127.0.0.1:${port}/postgres`;
    this.#process = process;
  }

  /** `server` is the server's URL. */
  static async start(server: string, mode: PoolMode): Promise<PgBouncer> {
    const port = await freePort();
    const process = new ServerProcess("pgbouncer", {
      readyLine: "process up",
      crashSignal: "SIGTERM",
      user: postgresUser(),
    });
    const settings = join(process.folder, "pgbouncer.ini");
    writeFileSync(settings, settingsOf(new URL(server), port, mode));
    await process.run("pgbouncer", [settings]);
    return new PgBouncer(port, process);
  }

  stop(): Promise<void> {
    return this.#process.remove();
  }
}

function settingsOf(server: URL, port: number, mode: PoolMode): string {
  return `[databases]
* = host=${server.hostname} port=${server.port} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
default_pool_size = 2
`;
}
