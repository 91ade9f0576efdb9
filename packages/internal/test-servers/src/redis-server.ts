import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "./free-port.ts";

/** The highest port whose cluster bus, 10000 above, is a port too. */
const HIGHEST = 55_535;

/** Why there is no Redis to test against; undefined where there is one. */
export function missingRedis(): string | undefined {
  return process.env["REDIS_URL"] === undefined ? missingRedisServer() : undefined;
}

/** Why no Redis can be started here. */
export function missingRedisServer(): string | undefined {
  const { status } = spawnSync("redis-server", ["--version"], { stdio: "ignore" });
  return status === 0 ? undefined : "redis-server is not installed";
}

/** A Redis to work against: that of `REDIS_URL`, or one of our own. */
export async function openRedis(): Promise<OpenRedis> {
  const url = process.env["REDIS_URL"];
  if (url !== undefined) return { url, stop: async () => {} };
  const server = await RedisServer.start();
  return { url: server.url, stop: () => server.stop() };
}

/** A Redis to work against. `stop` leaves one running that was not started here. */
interface OpenRedis {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** A Redis that was started here, with a directory of its own, and is gone after `stop()`. */
export class RedisServer {
  readonly host = "127.0.0.1";
  readonly port: number;
  readonly folder: string;
  readonly #settings: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(port: number, settings: readonly string[], folder: string) {
    this.port = port;
    this.folder = folder;
    this.#settings = settings;
  }

  /** `settings` as on the command line of redis-server: `["--appendonly", "yes"]`. */
  static async start(settings: readonly string[] = []): Promise<RedisServer> {
    const server = await RedisServer.prepare(settings);
    await server.run();
    return server;
  }

  /** One that has its port and its directory and does not run yet. */
  static async prepare(settings: readonly string[] = []): Promise<RedisServer> {
    let port = await freePort();
    while (port > HIGHEST) port = await freePort();
    return new RedisServer(port, settings, mkdtempSync(join(tmpdir(), "sess-redis-")));
  }

  get url(): string {
    return `redis://${this.host}:${this.port}`;
  }

  /** Starts it, again on the same data where it ran before; resolves when it serves. */
  async run(): Promise<void> {
    const place = ["--port", String(this.port), "--bind", this.host, "--dir", this.folder];
    const args = [...place, "--save", "", "--daemonize", "no", ...this.#settings];
    const child = spawn("redis-server", args, { stdio: ["ignore", "pipe", "ignore"] });
    this.#child = child;
    process.once("exit", this.#atExit);
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line);
      if (line.includes("Ready to accept connections")) {
        // Read on to nowhere, or the server would stop at a full pipe.
        child.stdout.resume();
        return;
      }
    }
    throw new Error(`redis-server did not start:\n${said.join("\n")}`);
  }

  /** Ends it as a crash would. What is in memory only is lost. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    process.off("exit", this.#atExit);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  readonly #atExit = () => {
    this.#child?.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  };
}
