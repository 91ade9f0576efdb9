import { EventEmitter } from "node:events";
import { parseCookie } from "cookie";
import { type Accesses, newId } from "./accesses.ts";
import type { Handling } from "./handling.ts";
import { type Size, valuesOf } from "./session-values.ts";

/** What a contender looks at in a request. */
export interface Incoming {
  readonly headers: { readonly cookie?: string | undefined };
}

/** How a contender replies. */
export interface Outgoing {
  setHeader(name: string, value: string | readonly string[]): unknown;
  end(body?: string): unknown;
  once(event: "finish", listener: () => void): unknown;
}

/** Works on the session of a request and returns the body of the reply. */
export type Use<Session> = (session: Session) => string;

/** Answers one request; resolves when the reply has ended. */
export type Serve<Session> = (
  request: Incoming,
  reply: Outgoing,
  use: Use<Session>,
) => Promise<unknown>;

/** A library that serves sessions in cookies, with its framework. */
export interface Site<Session> extends Pick<Accesses, "expiry" | "mostSessions"> {
  readonly serve: Serve<Session>;
  /** Serves a request that only reads, for a library that is told when to save. @default serve */
  readonly serveReading?: Serve<Session>;
  /** Serves a request and extends its session. */
  readonly serveExtending?: Serve<Session>;
  /** Answers a request without sessions, where a framework takes a share. */
  readonly serveBare?: (request: Incoming, reply: Outgoing) => Promise<unknown>;
  /** The cookie of a client with this id, as `name=value`. */
  cookieOf(id: string): string;
  close(): Promise<unknown>;
}

/** Accesses on the whole path of a request, from its Cookie header to the end of the reply, without a socket. */
export function overRequests<Session>(
  site: Site<Session>,
  handling: Handling<Session>,
  size: Size,
): Accesses {
  const { serve, serveReading = serve, serveExtending, serveBare, cookieOf, ...optional } = site;
  const read = async <Found>(cookie: string, use: (session: Session) => Found) => {
    let found: Found | undefined;
    await serveReading(new Request(cookie), new Reply(), (session) => {
      found = use(session);
      return "ok";
    });
    return found;
  };
  const change = async (cookie: string, use: (session: Session) => void) => {
    const reply = new Reply();
    await serve(new Request(cookie), reply, (session) => {
      use(session);
      return "ok";
    });
    return cookieAfter(reply, cookie);
  };
  return {
    ...optional,
    read: (cookie) => read(cookie, handling.read),
    readAll: (cookie) => read(cookie, handling.readAll),
    change: (cookie) => change(cookie, handling.change),
    create: (index) => {
      const values = valuesOf(index, size);
      return change("", (session) => handling.fill(session, values));
    },
    strangerToken: () => cookieHeader(cookieOf(newId())),
    ...(serveExtending && {
      extend: (cookie) => serveExtending(new Request(cookie), new Reply(), () => "ok"),
    }),
    ...(serveBare && { bare: (cookie) => serveBare(new Request(cookie), new Reply()) }),
    answer: (request, response) => {
      if (request.url === "/bare") return response.end("ok");
      return serve(request, response, (session) => {
        const found = handling.read(session);
        if (request.url === "/change") handling.change(session);
        return String(found);
      });
    },
  };
}

/** Waits for a reply that ends some time after `call`, which reports an error to `failed`. */
export function untilFinished(
  reply: Outgoing,
  call: (failed: (error: unknown) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    reply.once("finish", resolve);
    call(reject);
  });
}

/** The value of one cookie. A name that occurs twice counts as none, as in our example of a node:http server. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined;
  const isTwice = header.indexOf(name) !== header.lastIndexOf(name);
  return isTwice ? undefined : parseCookie(header)[name];
}

/** The Cookie header of a client that holds this cookie and two others. */
function cookieHeader(pair: string): string {
  return `theme=dark; ${pair}; locale=en-GB`;
}

/** The Cookie header of a client after this reply. */
function cookieAfter(reply: Reply, before: string): string {
  const cookies = reply.getHeader("Set-Cookie");
  if (cookies === undefined) return before;
  const pairs = [cookies].flat().map(String);
  return cookieHeader(pairs.map((cookie) => cookie.slice(0, cookie.indexOf(";"))).join("; "));
}

/** The socket of every request. Nothing is ever sent, and listeners leave when the reply has ended. */
const SOCKET = Object.assign(new EventEmitter(), {
  encrypted: false,
  readable: true,
  writable: true,
  remoteAddress: "127.0.0.1",
});
SOCKET.setMaxListeners(0);

/** A request as far as the contenders look at it. */
class Request implements Incoming {
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

type Header = string | number | readonly string[];

/** A reply that keeps its headers instead of sending them, with what express-session and Koa ask of one. */
class Reply extends EventEmitter implements Outgoing {
  statusCode = 200;
  statusMessage = "";
  headersSent = false;
  finished = false;
  writableEnded = false;
  readonly socket = SOCKET;
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
