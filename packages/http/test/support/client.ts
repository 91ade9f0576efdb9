import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:http2";
import { buffer } from "node:stream/consumers";

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The `Set-Cookie` headers. */
  readonly cookies: readonly string[];
  readonly body: string;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookie?: string;
}

/** Sends a request on a connection of its own, and resolves to the whole answer. */
export async function send(url: string, { method = "GET", headers = {}, cookie }: Sent = {}) {
  const sent = { ...headers, ...(cookie !== undefined && { cookie }) };
  const response = await new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
    httpRequest(url, { method, headers: sent, agent: false }, resolve).on("error", reject).end();
  });
  const body = (await buffer(response)).toString();
  return received(response.statusCode ?? 0, response.headers, body);
}

/** The same over HTTP/2, without TLS. */
export async function sendHttp2(url: string, { method = "GET", headers = {}, cookie }: Sent = {}) {
  const { origin, pathname } = new URL(url);
  const client = connect(origin);
  try {
    const sent = { ...headers, ...(cookie !== undefined && { cookie }) };
    const stream = client.request({ ":method": method, ":path": pathname, ...sent });
    const head = await new Promise<IncomingHttpHeaders>((resolve, reject) => {
      stream.on("response", resolve).on("error", reject);
      client.on("error", reject);
    });
    const body = (await buffer(stream)).toString();
    return received(Number(head[":status"]), head, body);
  } finally {
    client.close();
  }
}

function received(status: number, headers: IncomingHttpHeaders, body: string): Received {
  return { status, headers, cookies: headers["set-cookie"] ?? [], body };
}

/** What of `Set-Cookie` headers a client sends back. */
export function cookieOf(cookies: readonly string[]): string {
  return cookies.map((each) => each.slice(0, each.indexOf(";"))).join("; ");
}

/** The value of a `Set-Cookie` header. */
export function idIn(cookie: string | undefined): string {
  return cookie?.slice(cookie.indexOf("=") + 1, cookie.indexOf(";")) ?? "";
}
