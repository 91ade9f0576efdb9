import type { ServerResponse } from "node:http";

/** The functions that begin an answer, and go on with it. */
export type Method = "writeHead" | "write" | "end" | "flushHeaders";

export type Originals = Pick<ServerResponse, Method>;

export interface Call {
  readonly method: Method;
  readonly args: readonly unknown[];
}

/** Calls that wait for a save, in order. A response that is held is one with a slow socket. */
export class HeldCalls {
  readonly #response: ServerResponse;
  readonly #calls: Call[] = [];

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get isEmpty(): boolean {
    return this.#calls.length === 0;
  }

  /** What the caller is told: whoever writes is asked to wait for "drain". */
  add(call: Call): unknown {
    this.#calls.push(call);
    return call.method === "write" ? false : this.#response;
  }

  /** @throws what a function throws that was given something invalid. */
  replay(originals: Originals): void {
    let mustDrain = false;
    for (const call of this.#calls.splice(0)) {
      const result = pass(originals, this.#response, call);
      if (call.method === "write") mustDrain = result !== false;
      if (call.method === "end") mustDrain = false;
    }
    // Where the last write was refused, the response itself says when to go on.
    if (mustDrain) this.#response.emit("drain");
  }

  /** Forgets them and tells their callbacks: writes have failed, and the end will be another answer's. */
  drop(error: unknown): void {
    for (const { method, args } of this.#calls.splice(0)) {
      const callback = args.findLast((each) => typeof each === "function");
      if (typeof callback !== "function") continue;
      if (method === "end") this.#response.once("finish", () => callback());
      else queueMicrotask(() => callback(error));
    }
  }
}

/** Calls the function that was there before. */
export function pass(originals: Originals, response: ServerResponse, call: Call): unknown {
  return Reflect.apply(originals[call.method], response, call.args);
}
