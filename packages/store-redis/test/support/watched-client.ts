import type { RedisClient } from "@sess/store-redis";

/** A client that notes what passes through it on its way to the real one. */
export class WatchedClient implements RedisClient {
  readonly #client: RedisClient;
  readonly sent: string[][] = [];
  /** Answers in place of the real one, unless it returns undefined. */
  instead: (command: string[]) => Promise<unknown> | undefined = () => undefined;

  constructor(client: RedisClient) {
    this.#client = client;
  }

  sendCommand(command: string[], options?: object): Promise<unknown> {
    this.sent.push(command);
    return this.instead(command) ?? this.#client.sendCommand(command, options);
  }

  /** What `task` sends: the name of each command, and how many keys it is about. */
  async during(task: () => Promise<unknown>): Promise<string[]> {
    const before = this.sent.length;
    await task();
    return this.sent.slice(before).map(inShort);
  }
}

function inShort([name = "", ...args]: string[]): string {
  if (name.startsWith("EVAL")) return `${name} ${args[1]}`;
  return `${name} ${name === "MGET" || name === "EXISTS" ? args.length : 1}`;
}
