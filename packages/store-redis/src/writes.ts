import type { Shipping } from "./batcher.ts";
import type { Connection } from "./connection.ts";
import { codesOf, FAULT, type Scripts, type Step } from "./scripts.ts";
import { DONE, REFUSED } from "./steps.ts";

/** A step on a record, with its keys, the record's first, and its arguments. */
export interface Write {
  readonly step: Step;
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

/** Changes records: one by its own script, or by a command where one can do it; many by one script. */
export class Writes implements Shipping<Write> {
  readonly #connection: Connection;
  readonly #scripts: Scripts;

  constructor(connection: Connection, scripts: Scripts) {
    this.#connection = connection;
    this.#scripts = scripts;
  }

  async one({ step, keys, args }: Write): Promise<unknown> {
    const [key = ""] = keys;
    if (step === "erase") return this.#connection.send(key, ["DEL", key]);
    if (step !== "create") return this.#connection.run(this.#scripts[step], keys, args);
    const [last = "", text = ""] = args;
    const reply = await this.#connection.send(key, ["SET", key, text, "PXAT", last, "NX"]);
    return reply === null || reply === undefined ? REFUSED : DONE;
  }

  async many(writes: readonly Write[]): Promise<readonly unknown[]> {
    const keys = writes.flatMap((write) => write.keys);
    const args = writes.flatMap((write) => write.args);
    const codes = codesOf(writes.map(({ step }) => step));
    const reply = await this.#connection.run(this.#scripts.batch, keys, [codes, ...args]);
    if (!Array.isArray(reply) || reply.length !== writes.length) {
      throw new Error("The client has no answer for each step of a script.");
    }
    return reply.map(answerOf);
  }

  sizeOf({ args }: Write): number {
    return args.reduce((size, { length }) => size + length, 0);
  }
}

/** What failed is an error with what the server said, without where in a script 6.2 says it was. */
function answerOf(reply: unknown): unknown {
  if (typeof reply === "number") return reply;
  const text = String(reply);
  if (!text.startsWith(FAULT)) return text;
  return new Error(text.slice(FAULT.length).replace(/^@user_script: ?\d+: -?/, ""));
}
