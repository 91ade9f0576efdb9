import { once } from "node:events";
import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { parseCookie } from "cookie";
import { type Accesses, newId } from "./accesses.ts";
import type { Handling } from "./handling.ts";
import { type Size, valuesOf } from "./session-values.ts";

/** Works on the session of a request and returns the body of the reply. */
export type Use<Session> = (session: Session) => string;

/** Answers one request. Where it returns a promise, that rejects when the request fails. */
export type Serve<Session> = (
  request: IncomingMessage,
  reply: ServerResponse,
  use: Use<Session>,
) => unknown;

/** A library that serves sessions in cookies, with its framework. */
export interface Site<Session> extends Pick<Accesses, "expiry" | "mostSessions"> {
  readonly serve: Serve<Session>;
  /** Serves a request that only reads, for a library that is told when to save. @default serve */
  readonly serveReading?: Serve<Session>;
  /** Serves a request and extends its session. */
  readonly serveExtending?: Serve<Session>;
  /** Answers a request without sessions. @default a bare node:http */
  readonly serveBare?: (request: IncomingMessage, reply: ServerResponse) => unknown;
  /** The cookie of a client with this id, as `name=value`. */
  cookieOf(id: string): string;
  close(): Promise<unknown>;
}

/** Accesses on the whole path of a request, from its Cookie header to the end of the reply. */
export function overRequests<Session>(
  site: Site<Session>,
  handling: Handling<Session>,
  size: Size,
): Accesses {
  const { serve, serveReading = serve, serveExtending, cookieOf, ...optional } = site;
  const { serveBare = (_, reply) => reply.end("ok") } = site;
  const client = new Client();
  const visit = (cookie: string, use: (session: Session) => void, by = serve) =>
    client.send(cookie, (request, reply) =>
      by(request, reply, (session) => {
        use(session);
        return "ok";
      }),
    );
  const look = async <Found>(cookie: string, use: (session: Session) => Found) => {
    let found: Found | undefined;
    const keep = (session: Session) => {
      found = use(session);
    };
    await visit(cookie, keep, serveReading);
    return found;
  };
  return {
    ...optional,
    read: (cookie) => look(cookie, handling.read),
    readAll: (cookie) => look(cookie, handling.readAll),
    change: (cookie) => visit(cookie, handling.change),
    create: (index) => {
      const values = valuesOf(index, size);
      return visit("", (session) => handling.fill(session, values));
    },
    strangerToken: () => cookieHeader(cookieOf(newId())),
    ...(serveExtending && { extend: (cookie) => visit(cookie, () => {}, serveExtending) }),
    bare: (cookie) => client.send(cookie, serveBare),
    answer: (request, reply) => {
      if (request.url === "/bare") return serveBare(request, reply);
      return serve(request, reply, (session) => {
        const found = handling.read(session);
        if (request.url === "/change") handling.change(session);
        return String(found);
      });
    },
  };
}

/** The value of one cookie. A name that occurs twice counts as none, as in our example of a node:http server. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined;
  const isTwice = header.indexOf(name) !== header.lastIndexOf(name);
  return isTwice ? undefined : parseCookie(header)[name];
}

/** A connection whose client keeps what it is sent. */
class Connection extends Socket {
  received = "";

  override _read(): void {}

  override _write(chunk: Buffer | string, _encoding: string, done: () => void): void {
    this.received += chunk;
    done();
  }

  override _writev(chunks: { chunk: Buffer | string }[], done: () => void): void {
    for (const { chunk } of chunks) this.received += chunk;
    done();
  }
}

/** Sends requests as node:http hands them to a server, without a network. */
class Client {
  /** Kept alive for the next requests. */
  readonly #idle: Connection[] = [];

  /** Sends a request with this Cookie header, and resolves to the one to send from then on. */
  async send(cookie: string, serve: NonNullable<Site<never>["serveBare"]>): Promise<string> {
    const connection = this.#idle.pop() ?? new Connection();
    const request = new IncomingMessage(connection);
    request.method = "GET";
    request.url = "/";
    request.httpVersionMajor = 1;
    request.httpVersionMinor = 1;
    request.headers = cookie === "" ? { host: "localhost" } : { host: "localhost", cookie };
    request.push(null);
    const reply = new ServerResponse(request);
    reply.assignSocket(connection);
    await Promise.all([once(reply, "finish"), serve(request, reply)]);
    reply.detachSocket(connection);
    const { received } = connection;
    connection.received = "";
    this.#idle.push(connection);
    return cookieAfter(received, cookie);
  }
}

/** The Cookie header of a client that holds this cookie and two others. */
function cookieHeader(pair: string): string {
  return `theme=dark; ${pair}; locale=en-GB`;
}

const SET_COOKIE = /^Set-Cookie: ([^;\r]*)/gim;

/** The Cookie header of a client after this reply. */
function cookieAfter(reply: string, before: string): string {
  const pairs = Array.from(reply.matchAll(SET_COOKIE), ([, pair]) => pair);
  return pairs.length > 0 ? cookieHeader(pairs.join("; ")) : before;
}
