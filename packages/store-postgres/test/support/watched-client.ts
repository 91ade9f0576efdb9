import type { PostgresClient } from "@sess/store-postgres";

/** Stands between the handles of a batch. */
const SEPARATOR = "\u001e";

/** A client that notes the statements which pass through it on their way to the real one. */
export class WatchedClient implements PostgresClient {
  readonly sent: { readonly text: string; readonly values: readonly unknown[] }[] = [];
  readonly #client: PostgresClient;
  #gate: Promise<void> | undefined;

  constructor(client: PostgresClient) {
    this.#client = client;
  }

  /** Holds statements up from now on, until the returned function is called. */
  hold(): () => void {
    let open = () => {};
    this.#gate = new Promise((resolve) => {
      open = resolve;
    });
    return () => open();
  }

  async query(text: string, values: unknown[]) {
    this.sent.push({ text, values });
    await this.#gate;
    return this.#client.query(text, values);
  }

  /** What `task` sends: the first word of each statement, and how many sessions it is about. */
  async during(task: () => Promise<unknown>): Promise<string[]> {
    const before = this.sent.length;
    await task();
    return this.sent.slice(before).map(({ text, values: [handles] }) => {
      const [word = "select"] = /INSERT(?= INTO)|UPDATE(?= ")|DELETE(?= FROM)/.exec(text) ?? [];
      return `${word.toLowerCase()} ${String(handles).split(SEPARATOR).length}`;
    });
  }
}
