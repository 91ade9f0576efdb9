import { strictEqual } from "node:assert/strict";
import autocannon from "autocannon";
import { expectedFingerprint } from "../accesses/session-values.ts";
import type { Effort, Measured, Subject } from "./job.ts";
import type { WorkerProcess } from "./worker-process.ts";

/** Connections that stay open, each with one request after another. */
const CONNECTIONS = 32;

/** Requests of each kind before measuring, for the compiler. */
const WARM_UP_REQUESTS = 4_000;

/** Requests are measured this many times as long as other accesses, because they come less evenly. */
const TIMES = 30;

type HttpAccess = "bare" | "read" | "change";

/** Puts a server under load and measures its processor time for one request, with a session and without. */
export async function underLoad(
  worker: WorkerProcess,
  subject: Subject,
  effort: Effort,
): Promise<Measured[]> {
  const { server } = await worker.ask({ kind: "server", ...subject });
  if (server === undefined) throw new Error("The worker process serves nothing.");
  const load = new HttpLoad(worker, `http://127.0.0.1:${server.port}`, server.cookies);
  await load.prove();
  const accesses: HttpAccess[] = ["bare", "read", "change"];
  const amount = Math.ceil(WARM_UP_REQUESTS / effort.divisor);
  for (const access of accesses) await load.measure(access, { amount });
  const measured: Measured[] = [];
  const duration = (effort.time * TIMES) / 1000;
  for (const access of accesses) measured.push(...(await load.measure(access, { duration })));
  return measured;
}

class HttpLoad {
  readonly #worker: WorkerProcess;
  readonly #url: string;
  readonly #cookies: readonly string[];
  #requests = 0;

  constructor(worker: WorkerProcess, url: string, cookies: readonly string[]) {
    this.#worker = worker;
    this.#url = url;
    this.#cookies = cookies;
  }

  /** Proves that the server answers with what the session holds, and stores a change. */
  async prove(): Promise<void> {
    const answers: number[] = [];
    for (const path of ["/read", "/change", "/read"]) {
      const response = await fetch(`${this.#url}${path}`, { headers: this.#headers(0) });
      answers.push(Number(await response.text()));
    }
    // The contender has proved itself before, and changed this session once.
    const [before, after] = [expectedFingerprint(0, 1), expectedFingerprint(0, 2)];
    strictEqual(answers.join(), [before, before, after].join(), "a change over HTTP is stored");
  }

  /** For a duration in seconds, or for an amount of requests. */
  async measure(
    access: HttpAccess,
    until: { duration: number } | { amount: number },
  ): Promise<Measured[]> {
    const before = await this.#usage();
    const { errors, mismatches, non2xx, requests, duration } = await autocannon({
      url: this.#url,
      connections: CONNECTIONS,
      ...until,
      requests: [{ setupRequest: (request) => ({ ...request, ...this.#nextRequest(access) }) }],
      verifyBody: (body) => body === "ok" || Number(body) >= expectedFingerprint(0),
    });
    const used = (await this.#usage()) - before;
    strictEqual(errors + mismatches + non2xx, 0, "each request gets its answer");
    const load = { access, atOnce: CONNECTIONS };
    return [
      { ...load, unit: "µs", value: (duration * 1_000_000) / requests.total },
      { ...load, unit: "CPU µs", value: used / requests.total },
    ];
  }

  #nextRequest(access: HttpAccess) {
    this.#requests += 1;
    return { path: `/${access}`, headers: this.#headers(this.#requests % this.#cookies.length) };
  }

  #headers(client: number): { cookie: string } {
    return { cookie: this.#cookies[client] ?? "" };
  }

  async #usage(): Promise<number> {
    return (await this.#worker.ask({ kind: "usage" })).usage ?? 0;
  }
}
