import { strictEqual } from "node:assert/strict";
import autocannon from "autocannon";
import { Child } from "../child.ts";
import type { Measured, ServerName } from "../job.ts";
import type { Results } from "../results.ts";
import { rotated } from "../rounds.ts";
import { expected } from "../session-values.ts";
import type { Effort, Step } from "../step.ts";

const LIVE = 10_000;

/** Connections that are kept open, each with one request after the other. */
const CONNECTIONS = 32;

/** Requests of each kind before anything is measured, until which code is being compiled. */
const WARM = 4_000;

/** How many times as long as in the other suites is measured: requests come less evenly. */
const TIMES = 30;

/** In seconds, or a number of requests. */
type Until = { readonly duration: number } | { readonly amount: number };

const TITLES: Record<ServerName, string> = {
  bare: "node:http without sessions",
  sess: "@sess, MemoryStore",
  "express-session": "express-session, MemoryStore",
};

const SERVERS = ["bare", "sess", "express-session"] as const;

/** The processor time that sessions take of a server under load, beside all else that it does. */
export function http(effort: Effort): Step[] {
  const servers = SERVERS.filter(
    (name) => effort.contenders.length === 0 || effort.contenders.includes(name),
  );
  return Array.from({ length: effort.rounds }, (_, round) =>
    rotated(servers, round).map((server) => ({
      title: `http: round ${round + 1}, ${server}`,
      run: (results: Results) => run(server, effort, results),
    })),
  ).flat();
}

async function run(server: ServerName, effort: Effort, results: Results): Promise<void> {
  const contender = `http-${server}`;
  const child = new Child(effort.program);
  try {
    const live = Math.ceil(LIVE / effort.divisor);
    const { port = 0, cookies = [] } = await child.ask({ kind: "server", server, live });
    const load = new UnderLoad(child, `http://127.0.0.1:${port}`, cookies);
    await load.check();
    const warm = { amount: Math.ceil(WARM / effort.divisor) };
    await load.measure("read", warm);
    await load.measure("change", warm);
    const duration = (effort.time * TIMES) / 1000;
    const measured = [
      ...(await load.measure("read", { duration })),
      ...(await load.measure("change", { duration })),
    ];
    results.entrants[contender] = { title: TITLES[server], lacks: [] };
    results.add({ suite: "http", contender, size: "0.6 KB", live: LIVE }, measured);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    results.fail({ suite: "http", contender, reason });
  } finally {
    await child.stop();
  }
}

class UnderLoad {
  readonly #child: Child;
  readonly #url: string;
  readonly #cookies: readonly string[];
  #next = 0;

  constructor(child: Child, url: string, cookies: readonly string[]) {
    this.#child = child;
    this.#url = url;
    this.#cookies = cookies;
  }

  /** That the server answers with what the session holds, and keeps what it changes. */
  async check(): Promise<void> {
    const [cookie] = this.#cookies;
    if (cookie === undefined) return;
    const answers: string[] = [];
    for (const path of ["/read", "/change", "/read"]) {
      const response = await fetch(`${this.#url}${path}`, { headers: { cookie } });
      answers.push(await response.text());
    }
    strictEqual(answers.join(), [expected(0), expected(0), expected(0, 1)].join());
  }

  async measure(work: "read" | "change", until: Until): Promise<Measured[]> {
    const before = await this.#usage();
    const result = await autocannon({
      url: this.#url,
      connections: CONNECTIONS,
      ...until,
      requests: [{ setupRequest: (request) => ({ ...request, ...this.#request(work) }) }],
      verifyBody: (body) => body === "ok" || Number(body) >= expected(0),
    });
    const used = (await this.#usage()) - before;
    const { errors, mismatches, non2xx } = result;
    strictEqual(errors + mismatches + non2xx, 0, "every request is answered as it should be");
    const { total } = result.requests;
    const micros = (result.duration * 1_000_000) / total;
    return [
      { work, atOnce: CONNECTIONS, unit: "µs", value: micros },
      { work, atOnce: CONNECTIONS, unit: "CPU µs", value: used / total },
    ];
  }

  #request(work: string) {
    const path = `/${work}`;
    const cookie = this.#cookies[this.#next++ % this.#cookies.length];
    return cookie === undefined ? { path } : { path, headers: { cookie } };
  }

  async #usage(): Promise<number> {
    return (await this.#child.ask({ kind: "usage" })).usage ?? 0;
  }
}
