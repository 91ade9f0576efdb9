import type { IncomingHttpHeaders } from "node:http";

/** What is read of a request, whatever carries it. */
export interface Incoming {
  readonly method: string;
  /** The header's value, several joined; undefined if it was not sent. `name` is in lower case. */
  header(name: string): string | undefined;
}

/** A request of `node:http`, `node:http2` and the frameworks on them. */
export class NodeIncoming implements Incoming {
  readonly method: string;
  readonly #headers: IncomingHttpHeaders;

  constructor(method: string, headers: IncomingHttpHeaders) {
    this.method = method;
    this.#headers = headers;
  }

  header(name: string): string | undefined {
    const value = this.#headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  }
}

/** A request of the fetch standard. */
export class FetchIncoming implements Incoming {
  readonly method: string;
  readonly #headers: Headers;

  constructor(method: string, headers: Headers) {
    this.method = method;
    this.#headers = headers;
  }

  header(name: string): string | undefined {
    return this.#headers.get(name) ?? undefined;
  }
}

/** A request of which only the headers are at hand, as for an upgrade or in a server component. */
export function incomingOf(headers: Headers | IncomingHttpHeaders): Incoming {
  return isFetchHeaders(headers)
    ? new FetchIncoming("GET", headers)
    : new NodeIncoming("GET", headers);
}

function isFetchHeaders(headers: Headers | IncomingHttpHeaders): headers is Headers {
  return typeof headers["get"] === "function";
}
