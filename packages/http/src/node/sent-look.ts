import type { ServerResponse } from "node:http";

/** `OutgoingMessage` keeps the text of its head here; until there is one, it has not been sent. */
interface WithHead {
  _header: string | null;
}

/**
 * Has a response that is held look as if it had been sent: frameworks decide by that whether they may
 * still answer, and a header that came now would come too late.
 */
export class SentLook {
  readonly #response: ServerResponse;
  #hasEnded = false;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  on(): void {
    const response = this.#response;
    if (hasHead(response)) response._header = "held\r\n";
    if (!response.headersSent) Object.defineProperties(response, this.#accessors());
  }

  /** From now on it also looks as if it had ended. */
  end(): void {
    this.#hasEnded = true;
    if (hasHead(this.#response)) this.#response.finished = true;
  }

  off(): void {
    const response = this.#response;
    if (hasHead(response)) {
      response._header = null;
      if (this.#hasEnded) response.finished = false;
    }
    if (Object.hasOwn(response, "headersSent")) {
      for (const name of Object.keys(this.#accessors())) Reflect.deleteProperty(response, name);
    }
  }

  /** For responses that are none of Node's own for HTTP/1. */
  #accessors(): PropertyDescriptorMap {
    const refused = { value: refuse, configurable: true };
    return {
      headersSent: { get: () => true, configurable: true },
      writableEnded: { get: () => this.#hasEnded, configurable: true },
      setHeader: refused,
      appendHeader: refused,
      removeHeader: refused,
    };
  }
}

/** Node's error for a header that comes too late. */
export function headersSent(): Error {
  return Object.assign(new Error("Cannot set headers after they are sent to the client"), {
    code: "ERR_HTTP_HEADERS_SENT",
  });
}

function refuse(): never {
  throw headersSent();
}

function hasHead(response: ServerResponse): response is ServerResponse & WithHead {
  return Object.hasOwn(response, "_header");
}
