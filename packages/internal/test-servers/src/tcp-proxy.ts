import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Where the server listens that a proxy stands before. */
interface Target {
  readonly host: string;
  readonly port: number;
}

/** Two ends of one connection: the client's and the server's. */
interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** Stands between clients and a server: cuts and delays their connections, and counts round trips. */
export class TcpProxy {
  readonly host = "127.0.0.1";
  readonly #target: Target;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #refusing = false;
  #losing = false;
  #port = 0;

  /** How long each piece of data is held up, in both directions, in ms. */
  delay = 0;
  /** How many connections have been made. */
  connections = 0;
  /** How often a client spoke first, or again after the server had answered: round trips. */
  turns = 0;

  private constructor(target: Target) {
    this.#target = target;
    this.#server = createServer((client) => this.#join(client));
  }

  static async before(target: Target): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    proxy.#server.listen(0, proxy.host);
    await once(proxy.#server, "listening");
    const address = proxy.#server.address();
    if (typeof address === "object" && address !== null) proxy.#port = address.port;
    return proxy;
  }

  get port(): number {
    return this.#port;
  }

  /** Ends all connections as a broken network does. New ones are let in. */
  cut(): void {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
    this.#pairs.clear();
  }

  /** Until `accept()`, each connection is ended as soon as it is made; those that are open stay. */
  refuse(): void {
    this.#refusing = true;
  }

  accept(): void {
    this.#refusing = false;
  }

  /** The next thing that a server says is lost, and its connection with it: done, but not acknowledged. */
  loseReply(): void {
    this.#losing = true;
  }

  async close(): Promise<void> {
    this.#refusing = true;
    const closed = once(this.#server, "close");
    this.#server.close();
    this.cut();
    await closed;
  }

  #join(client: Socket): void {
    if (this.#refusing) {
      client.resetAndDestroy();
      return;
    }
    this.connections += 1;
    const server = connect(this.#target);
    const pair: Pair = { client, server };
    this.#pairs.add(pair);
    let answered = true;
    client.setNoDelay(true).on("data", (data) => {
      if (answered) this.turns += 1;
      answered = false;
      this.#pass(data, server);
    });
    server.setNoDelay(true).on("data", (data) => {
      answered = true;
      if (this.#losing) this.#lose(pair);
      else this.#pass(data, client);
    });
    for (const end of [client, server]) {
      // Its "close" follows.
      end.on("error", () => {});
      end.on("close", () => this.#part(pair));
    }
  }

  #pass(data: Buffer, to: Socket): void {
    this.#later(() => {
      if (!to.destroyed) to.write(data);
    });
  }

  #later(task: () => void): void {
    if (this.delay === 0) task();
    else setTimeout(task, this.delay);
  }

  #lose({ client, server }: Pair): void {
    this.#losing = false;
    client.resetAndDestroy();
    server.destroy();
  }

  /** What one end said last still reaches the other. */
  #part(pair: Pair): void {
    this.#pairs.delete(pair);
    this.#later(() => {
      pair.client.destroySoon();
      pair.server.destroySoon();
    });
  }
}
