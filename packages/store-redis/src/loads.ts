import type { Connection } from "./connection.ts";

interface Waiting {
  readonly key: string;
  readonly resolve: (text: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Keys that are read at once: few enough not to hold up the server. */
const MOST = 128;

// Taken here, so that a test which fakes timers later does not stop all reading.
const { nextTick } = process;

/**
 * Reads the text under keys. What is asked for within one turn goes out together, as one MGET; in a
 * cluster each key goes by itself, since they lie on many servers.
 */
export class Loads {
  readonly #connection: Connection;
  #waiting: Waiting[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Null where there is none. Rejects where it is no text. */
  get(key: string): Promise<unknown> {
    if (this.#connection.isSharded) return this.#alone(key);
    return new Promise((resolve, reject) => {
      // After the microtasks, so that all who read within this turn are in it.
      if (this.#waiting.push({ key, resolve, reject }) === 1) nextTick(() => this.#flush());
    });
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let at = 0; at < waiting.length; at += MOST) void this.#read(waiting.slice(at, at + MOST));
  }

  async #read(waiting: readonly Waiting[]): Promise<void> {
    const [first, second] = waiting;
    if (first === undefined) return;
    if (second === undefined) {
      this.#alone(first.key).then(first.resolve, first.reject);
      return;
    }
    try {
      const keys = waiting.map(({ key }) => key);
      const texts = await this.#connection.send(first.key, ["MGET", ...keys]);
      for (const [index, { key, resolve }] of waiting.entries()) {
        // MGET passes over what is no text as if nothing were there.
        resolve(Object(texts)[index] ?? this.#alone(key));
      }
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }

  #alone(key: string): Promise<unknown> {
    return this.#connection.send(key, ["GET", key]);
  }
}
