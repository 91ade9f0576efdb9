import { type ChildProcess, fork } from "node:child_process";
import type { Readable } from "node:stream";
import { errorFrom, isReply, type Reply, type Request } from "./protocol.ts";

/** How a process is started. */
export interface Launch {
  /** The file of the module that calls `serveStore`. */
  readonly file: string;
  readonly execArgv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  readonly begun: (() => void) | undefined;
}

/** A module that has not called `serveStore` by then never will. */
const START_LIMIT_MS = 30_000;

/** The end of its stderr that errors quote: enough to say why the process ended. */
const SHOWN_CHARACTERS = 2_000;

/**
 * A process that serves stores. It holds neither this one nor the test run open: it keeps this process
 * alive only while something is asked of it, and ends itself when this one is gone.
 */
export class OtherProcess {
  readonly #child: ChildProcess;
  readonly #file: string;
  readonly #pending = new Map<number, Pending>();
  #requests = 0;
  #errors = "";
  #end: string | undefined;

  private constructor({ file, execArgv, env }: Launch) {
    this.#file = file;
    this.#child = fork(file, [], {
      execArgv: [...execArgv],
      env: { ...process.env, ...env },
      // What the store prints goes to our stderr: stdout may be a runner's report.
      stdio: ["ignore", 2, "pipe", "ipc"],
      serialization: "advanced",
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#errors = (this.#errors + text).slice(-SHOWN_CHARACTERS);
    });
    this.#child.on("message", (message) => {
      if (isReply(message)) this.#take(message);
    });
    this.#child.on("error", (error) => this.#ended(`could not be started: ${error.message}`));
    // "close" comes after the last of stderr.
    this.#child.on("close", (code, signal) =>
      this.#ended(`ended with ${signal ?? `code ${code}`}`),
    );
  }

  /**
   * Starts a process and resolves when its module has called `serveStore`.
   *
   * @throws Error if the module cannot be loaded, or does not call it.
   */
  static async start(launch: Launch): Promise<OtherProcess> {
    const started = new OtherProcess(launch);
    await started.#ready();
    started.#letGo();
    return started;
  }

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Asks for something. `begun` is called when a duel begins. */
  ask<T>(request: Request, begun?: () => void): Promise<T> {
    if (this.#end !== undefined) return Promise.reject(this.#endError());
    this.#requests += 1;
    const id = this.#requests;
    this.#hold();
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, begun });
      this.#child.send({ id, request }, (error) => {
        if (error) this.#settle(id)?.reject(error);
      });
    });
  }

  /** Ends it as a crash would: none of its code runs any more. */
  async kill(): Promise<void> {
    if (this.#end !== undefined) return;
    this.#hold();
    const closed = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.kill("SIGKILL");
    await closed;
  }

  /** Lets it end by itself. */
  stop(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  #ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        this.#child.kill("SIGKILL");
        reject(this.#startError(`did not call serveStore() within ${START_LIMIT_MS} ms`));
      }, START_LIMIT_MS);
      this.#child.once("message", () => {
        clearTimeout(limit);
        resolve();
      });
      const fail = () => {
        clearTimeout(limit);
        reject(this.#startError(`${this.#end} before it called serveStore()`));
      };
      this.#child.once("close", fail);
      this.#child.once("error", fail);
    });
  }

  #take(reply: Reply): void {
    if (reply.tells === "ready") return;
    if (reply.tells === "begun") {
      this.#pending.get(reply.id)?.begun?.();
      return;
    }
    const pending = this.#settle(reply.id);
    if (reply.tells === "answer") pending?.resolve(reply.value);
    else pending?.reject(errorFrom(reply.error));
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#letGo();
    return pending;
  }

  #ended(how: string): void {
    this.#end ??= how;
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(this.#endError());
  }

  #endError(): Error {
    return new Error(
      `anotherProcess: the process of ${this.#file} ${this.#end}.${this.#written()}`,
    );
  }

  #startError(problem: string): Error {
    return new Error(
      `anotherProcess: the process of ${this.#file} ${problem}. It must be a module that this ` +
        `Node can run, and that calls serveStore().${this.#written()}`,
    );
  }

  #written(): string {
    const text = this.#errors.trim();
    return text === "" ? "" : ` It wrote:\n${text}`;
  }

  /** Keeps this process alive: an answer is under way. */
  #hold(): void {
    this.#child.ref();
    this.#child.channel?.ref();
  }

  #letGo(): void {
    this.#child.unref();
    this.#child.channel?.unref();
    unreferenced(this.#child.stderr);
  }
}

/** A pipe of a child is a socket, which the types do not tell. */
function unreferenced(stream: Readable | null): void {
  if (stream !== null && "unref" in stream && typeof stream.unref === "function") stream.unref();
}
