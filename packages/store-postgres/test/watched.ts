import type { PostgresClient } from "@sess/store-postgres";

/** Stands between the keys of a batch. */
const SEPARATOR = "\u001e";

/** A client that notes what passes through it on its way to the real one. */
export class Watched implements PostgresClient {
  readonly #client: PostgresClient;
  readonly sent: { text: string; values: readonly unknown[] }[] = [];
  #gate: Promise<void> | undefined;

  constructor(client: PostgresClient) {
    this.#client = client;
  }

  /** From now on statements are held up here, until what it returns is called. */
  shut(): () => void {
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

  /** What `task` sent: the first word of each statement, and how many sessions it is about. */
  async during(task: () => Promise<unknown>): Promise<string[]> {
    const before = this.sent.length;
    await task();
    return this.sent.slice(before).map(({ text, values: [keys] }) => {
      const [word = ""] = /SELECT|INSERT|UPDATE|DELETE/.exec(withoutLocks(text)) ?? [];
      return `${word.toLowerCase()} ${String(keys).split(SEPARATOR).length}`;
    });
  }
}

/** A batch first selects what it locks: it is known by what comes then. */
function withoutLocks(text: string): string {
  return text.replace(/^WITH \w+ AS MATERIALIZED \(.*?^\)$/ms, "");
}
