import { EventEmitter } from "node:events";
import { parseCookie } from "cookie";

type Header = string | number | readonly string[];

/** A day in ms: how long every contender's sessions live. */
export const DAY = 86_400_000;

/** Of every request: nothing is ever sent, and whoever listens stops when the reply has ended. */
const SOCKET = Object.assign(new EventEmitter(), {
  encrypted: false,
  readable: true,
  writable: true,
  remoteAddress: "127.0.0.1",
});
SOCKET.setMaxListeners(0);

/** What a client sends, as far as the contenders look at it. Without a socket: none is measured. */
export class Request {
  readonly method = "GET";
  readonly url = "/";
  readonly httpVersion = "1.1";
  readonly socket = SOCKET;
  readonly connection = SOCKET;
  readonly headers: { host: string; cookie?: string };

  constructor(cookie: string) {
    this.headers = cookie === "" ? { host: "localhost" } : { host: "localhost", cookie };
  }
}

/** What is sent back, kept instead. */
export class Reply extends EventEmitter {
  statusCode = 200;
  statusMessage = "";
  headersSent = false;
  finished = false;
  writableEnded = false;
  readonly socket = SOCKET;
  /** Asked for and set by middleware under these names, as in `node:http`. */
  _header: string | null = null;
  readonly #headers = new Map<string, Header>();

  setHeader(name: string, value: Header): this {
    this.#headers.set(name.toLowerCase(), value);
    return this;
  }

  getHeader(name: string): Header | undefined {
    return this.#headers.get(name.toLowerCase());
  }

  getHeaderNames(): string[] {
    return [...this.#headers.keys()];
  }

  hasHeader(name: string): boolean {
    return this.#headers.has(name.toLowerCase());
  }

  removeHeader(name: string): void {
    this.#headers.delete(name.toLowerCase());
  }

  writeHead(status: number): this {
    this.statusCode = status;
    this.headersSent = true;
    this._header = "HTTP/1.1";
    return this;
  }

  _implicitHeader(): void {
    this.writeHead(this.statusCode);
  }

  write(): boolean {
    if (this._header === null) this._implicitHeader();
    return true;
  }

  end(): this {
    if (this._header === null) this._implicitHeader();
    this.finished = true;
    this.writableEnded = true;
    this.emit("finish");
    return this;
  }
}

/** The Cookie header of a client that has this cookie, among others. */
export function cookieHeader(pair: string): string {
  return `theme=dark; ${pair}; locale=en-GB`;
}

/** The Cookie header of a client after this reply. */
export function headerAfter(reply: Pick<Reply, "getHeader">, before: string): string {
  const sent = reply.getHeader("Set-Cookie");
  if (sent === undefined) return before;
  if (typeof sent !== "object") return cookieHeader(pairOf(String(sent)));
  return cookieHeader(sent.map(pairOf).join("; "));
}

/** What of a Set-Cookie header comes back in a Cookie header. */
export function pairOf(setCookie: string): string {
  return setCookie.slice(0, setCookie.indexOf(";"));
}

/** One cookie of a header, as the example of a `node:http` server reads it: two count as none. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined;
  const isTwice = header.indexOf(name) !== header.lastIndexOf(name);
  return isTwice ? undefined : parseCookie(header)[name];
}
