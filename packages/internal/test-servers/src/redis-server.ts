import { spawnSync } from "node:child_process";
import { freePort } from "./free-port.ts";
import { ServerProcess } from "./server-process.ts";

/** The cluster bus listens 10,000 ports above the server's port. */
const HIGHEST_PORT = 55_535;

/** A Redis to test against. */
interface OpenRedis {
  readonly url: string;
  /** Stops the server if `openRedis` started it. */
  readonly stop: () => Promise<void>;
}

/** Why there is no Redis to test against; undefined if there is one. */
export function missingRedis(): string | undefined {
  return process.env["REDIS_URL"] === undefined ? missingRedisServer() : undefined;
}

/** Why no Redis can be started here; undefined if one can. */
export function missingRedisServer(): string | undefined {
  const { status } = spawnSync("redis-server", ["--version"], { stdio: "ignore" });
  return status === 0 ? undefined : "redis-server is not installed";
}

/** The server of `REDIS_URL`, or one started here. */
export async function openRedis(): Promise<OpenRedis> {
  const url = process.env["REDIS_URL"];
  if (url !== undefined) return { url, stop: async () => {} };
  const server = await RedisServer.start();
  return { url: server.url, stop: () => server.stop() };
}

/** A Redis server with a data folder of its own. */
export class RedisServer {
  readonly host = "127.0.0.1";
  readonly port: number;
  readonly #settings: readonly string[];
  readonly #process = new ServerProcess("redis", {
    readyLine: "Ready to accept connections",
    crashSignal: "SIGKILL",
  });

  private constructor(port: number, settings: readonly string[]) {
    this.port = port;
    this.#settings = settings;
  }

  /** `settings` as on the command line of redis-server: `["--appendonly", "yes"]`. */
  static async start(settings: readonly string[] = []): Promise<RedisServer> {
    const server = await RedisServer.prepare(settings);
    await server.run();
    return server;
  }

  /** A server that has its port and its folder and does not run yet. */
  static async prepare(settings: readonly string[] = []): Promise<RedisServer> {
    let port = await freePort();
    while (port > HIGHEST_PORT) port = await freePort();
    return new RedisServer(port, settings);
  }

  /** The data folder. */
  get folder(): string {
    return this.#process.folder;
  }

  get url(): string {
    return `redis://${this.host}:${this.port}`;
  }

  /** Starts the server, or starts it again on the same data. Resolves when it accepts connections. */
  run(): Promise<void> {
    const place = ["--port", String(this.port), "--bind", this.host, "--dir", this.folder];
    const args = [...place, "--save", "", "--daemonize", "no", ...this.#settings];
    return this.#process.run("redis-server", args);
  }

  /** Ends the server as a crash does: what is only in memory is lost. */
  kill(): Promise<void> {
    return this.#process.end();
  }

  /** Stops the server in the middle of whatever it does: it holds its connections and answers nothing. */
  freeze(): void {
    this.#process.freeze();
  }

  /** Lets a frozen server go on. */
  thaw(): void {
    this.#process.thaw();
  }

  stop(): Promise<void> {
    return this.#process.remove();
  }
}
