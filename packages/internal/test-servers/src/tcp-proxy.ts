import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** One connection: its client's end and its server's end. */
interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** A proxy between clients and a server that cuts and delays connections and counts round trips. */
export class TcpProxy {
  readonly host = "127.0.0.1";
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #isRefusing = false;
  #losesNextReply = false;

  /** Delay of each piece of data, in both directions, in ms. */
  delay = 0;
  /** Connections made so far. */
  connections = 0;
  /** Round trips so far: a client sent something first, or after an answer. */
  roundTrips = 0;

  private constructor(target: { host: string; port: number }) {
    this.#server = createServer((client) => {
      if (this.#isRefusing) client.resetAndDestroy();
      else this.#join({ client, server: connect(target) });
    });
  }

  /** Stands before the server at `target`, on a port of its own. */
  static async before(target: { host: string; port: number }): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    proxy.#server.listen(0, proxy.host);
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** Breaks all connections as a failing network does. New ones are accepted. */
  cut(): void {
    for (const pair of this.#pairs) breakUp(pair);
    this.#pairs.clear();
  }

  /** Breaks each new connection at once, until `accept()`. Open ones stay. */
  refuse(): void {
    this.#isRefusing = true;
  }

  accept(): void {
    this.#isRefusing = false;
  }

  /** Drops the server's next reply and its connection: the work is done, the answer is lost. */
  loseReply(): void {
    this.#losesNextReply = true;
  }

  async close(): Promise<void> {
    const closed = once(this.#server.close(), "close");
    this.cut();
    await closed;
  }

  #join(pair: Pair): void {
    const { client, server } = pair;
    this.connections += 1;
    this.#pairs.add(pair);
    let isAnswered = true;
    client.setNoDelay(true).on("data", (data) => {
      if (isAnswered) this.roundTrips += 1;
      isAnswered = false;
      this.#delayed(() => server.write(data));
    });
    server.setNoDelay(true).on("data", (data) => {
      isAnswered = true;
      if (this.#losesNextReply) breakUp(pair);
      else this.#delayed(() => client.write(data));
      this.#losesNextReply = false;
    });
    for (const end of [client, server]) {
      // "close" follows.
      end.on("error", () => {});
      end.on("close", () => {
        this.#pairs.delete(pair);
        // What one end sent last still reaches the other.
        this.#delayed(() => {
          client.destroySoon();
          server.destroySoon();
        });
      });
    }
  }

  #delayed(task: () => void): void {
    if (this.delay === 0) task();
    else setTimeout(task, this.delay);
  }
}

function breakUp({ client, server }: Pair): void {
  client.resetAndDestroy();
  server.destroy();
}
