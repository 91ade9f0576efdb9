import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { checkOption, checkOptions, type Rules } from "../../src/adapter/options.ts";
import { SessionError } from "../../src/contract/errors.ts";
import type { Store } from "../../src/contract/store.ts";
import { loaderArguments } from "./loader.ts";
import { OtherProcess } from "./other-process.ts";
import type { Opened } from "./protocol.ts";
import { RemoteStore } from "./remote-store.ts";

/** How the suite opens stores in another process. */
export interface AnotherProcessOptions<S extends Store = Store> {
  /** The module that calls `serveStore`: a path, or `new URL("./other-process.ts", import.meta.url)`. */
  readonly module: string | URL;
  /**
   * Says where the data of `store` is, as text for `serveStore`: a path, a prefix, the name of a table,
   * or JSON if it takes more.
   */
  readonly address: (store: S) => string | Promise<string>;
  /**
   * Node's arguments for the other process.
   *
   * @default those of this process that load modules; for TypeScript, tsx where Node needs it
   */
  readonly execArgv?: readonly string[];
  /**
   * Environment variables that the other process has beside this one's.
   *
   * @default none
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** How long a process without stores is kept for the next case, in ms. */
const IDLE_MS = 2_000;

const SUBJECT = "anotherProcess";

const rules: Rules<AnotherProcessOptions> = {
  module: {
    expected: "the path or the file URL of a module",
    accepts: (value) => typeof value === "string" || value instanceof URL,
  },
  address: {
    expected: "a function that says where a store's data is",
    accepts: (value) => typeof value === "function",
  },
  execArgv: { expected: "a list of Node's arguments", accepts: Array.isArray },
  env: { expected: "an object of texts", accepts: (value) => typeof value === "object" },
};

/**
 * A `connect` for `testStore`: opens the second store in a process of its own, which the module runs.
 * Locks, caches and queues of one process are useless there. The process is started when it is first
 * needed, is shared by all cases, and ends with the test run.
 *
 * @throws INVALID_OPTION if there is no such module, or nothing here can load it.
 */
export function anotherProcess<S extends Store>(
  options: AnotherProcessOptions<S>,
): (store: S) => Promise<Store> {
  checkOptions(SUBJECT, options, rules);
  const { module, address, execArgv, env = {} } = options;
  checkOption(SUBJECT, "module", module, rules.module);
  checkOption(SUBJECT, "address", address, rules.address);
  const file = fileOf(module);
  const shared = new SharedProcess(() =>
    OtherProcess.start({ file, execArgv: execArgv ?? loaderArguments(file), env }),
  );
  return async (store) => shared.open(await address(store));
}

function fileOf(module: string | URL): string {
  const isUrl = module instanceof URL || module.startsWith("file:");
  const file = isUrl ? fileURLToPath(module) : resolve(module);
  if (existsSync(file)) return file;
  const problem = `module must be the path or the file URL of a module, but there is no ${file}.`;
  throw new SessionError("INVALID_OPTION", `${SUBJECT}: ${problem}`);
}

/** One process for all stores that are open at a time, and for those that follow soon. */
class SharedProcess {
  readonly #start: () => Promise<OtherProcess>;
  #process: Promise<OtherProcess> | undefined;
  #stores = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(start: () => Promise<OtherProcess>) {
    this.#start = start;
  }

  async open(address: string): Promise<RemoteStore> {
    clearTimeout(this.#idle);
    this.#stores += 1;
    try {
      return await this.#openIn(await this.#running(), address, () => this.#release());
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  async #openAlone(address: string): Promise<RemoteStore> {
    const process = await this.#start();
    return this.#openIn(process, address, () => process.stop());
  }

  async #openIn(process: OtherProcess, address: string, end: () => void): Promise<RemoteStore> {
    const opened = await process.ask<Opened>({ ask: "open", address });
    return new RemoteStore(process, opened, { openAlone: () => this.#openAlone(address), end });
  }

  async #running(): Promise<OtherProcess> {
    const known = this.#process;
    const process = await known?.catch(() => undefined);
    if (process !== undefined && !process.hasEnded) return process;
    // Another call may have started one meanwhile.
    if (this.#process === known || this.#process === undefined) this.#process = this.#start();
    return this.#process;
  }

  #release(): void {
    this.#stores -= 1;
    if (this.#stores > 0) return;
    this.#idle = setTimeout(() => this.#stop(), IDLE_MS);
    this.#idle.unref();
  }

  #stop(): void {
    const stopping = this.#process;
    this.#process = undefined;
    stopping?.then(
      (process) => process.stop(),
      () => {},
    );
  }
}
