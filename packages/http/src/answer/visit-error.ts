import { SessionError } from "@sess/core";

/** In seconds: long enough for a store to come back, short enough to wait for. */
const RETRY_AFTER = "5";

const REASONS: Readonly<Record<number, string>> = {
  401: "Unauthorized",
  403: "Forbidden",
  413: "Content Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/**
 * What the layer throws: a `SessionError` that the frameworks' own error handlers know how to answer.
 * Express and Koa send `headers`, Fastify too; Hono sends `getResponse()`.
 */
export class VisitError extends SessionError {
  readonly headers: Readonly<Record<string, string>>;
  readonly #cookies: readonly string[];

  /** @param cookies - What a client must learn with the answer, where nothing else tells it. */
  constructor({ code, message, cause, status }: SessionError, cookies: readonly string[] = []) {
    super(code, message, cause === undefined ? undefined : { cause });
    this.headers = {
      "Cache-Control": "no-store",
      ...(status === 503 && { "Retry-After": RETRY_AFTER }),
    };
    this.#cookies = cookies;
  }

  // biome-ignore-start lint/complexity/noThisInStatic: a class that names itself is called `_VisitError`
  // once it is bundled, and that is what an uncaught error begins with.
  /** The error as the layer throws it. */
  static from(error: unknown, cookies?: readonly string[]): VisitError {
    if (typeof error === "object" && error !== null && #cookies in error) return error;
    if (error instanceof SessionError) return new this(error, cookies);
    const unexpected = new SessionError("STORE_UNAVAILABLE", "The session failed; see the cause.", {
      cause: error,
    });
    return new this(unexpected, cookies);
  }
  // biome-ignore-end lint/complexity/noThisInStatic: see above

  getResponse(): Response {
    const response = new Response(reasonOf(this.status), {
      status: this.status,
      headers: {
        ...this.headers,
        Vary: "Cookie",
        "Content-Type": "text/plain; charset=utf-8",
      },
    });
    for (const cookie of this.#cookies) response.headers.append("Set-Cookie", cookie);
    return response;
  }
}

/** A status in words. */
export function reasonOf(status: number): string {
  return REASONS[status] ?? `Error ${status}`;
}
