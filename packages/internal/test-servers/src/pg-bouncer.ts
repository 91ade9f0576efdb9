import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "./free-port.ts";
import { unprivileged } from "./unprivileged.ts";

/** What a client keeps a connection of the server for. */
type PoolMode = "session" | "transaction";

/** Why none can be started here; undefined where one can. */
export function missingPgBouncer(): string | undefined {
  const { error } = spawnSync("pgbouncer", ["--version"], { stdio: "ignore" });
  return error === undefined ? undefined : "pgbouncer is not installed";
}

/** A PgBouncer that was started here, in front of a server that lets `postgres` in, with two connections. */
export class PgBouncer {
  readonly url: string;
  readonly #folder: string;
  readonly #child: ChildProcess;

  private constructor(url: string, folder: string, child: ChildProcess) {
    this.url = url;
    this.#folder = folder;
    this.#child = child;
  }

  static async start(server: string, mode: PoolMode): Promise<PgBouncer> {
    const { hostname, port: serverPort } = new URL(server);
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), "sess-pgbouncer-"));
    const { uid, gid } = unprivileged();
    if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
    const settings = join(folder, "pgbouncer.ini");
    writeFileSync(
      settings,
      `[databases]
* = host=${hostname} port=${serverPort} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
default_pool_size = 2
`,
    );
    const child = spawn("pgbouncer", [settings], {
      ...unprivileged(),
      stdio: ["ignore", "ignore", "pipe"],
    });
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stderr })) {
      said.push(line);
      if (!line.includes("process up")) continue;
      // Read on to nowhere, or it would stop at a full pipe.
      child.stderr.resume();
      return new PgBouncer(`postgres://postgres@127.0.0.1:${port}/postgres`, folder, child);
    }
    throw new Error(`pgbouncer did not start:\n${said.join("\n")}`);
  }

  async stop(): Promise<void> {
    // At once, whoever is connected.
    this.#child.kill("SIGTERM");
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      await once(this.#child, "exit");
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
