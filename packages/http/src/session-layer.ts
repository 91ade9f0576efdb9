import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Session, SessionManager } from "@sess/core";
import { FetchVisits } from "./fetch/fetch-visits.ts";
import { answerError } from "./node/answer-error.ts";
import { attachAndGoOn } from "./node/attach.ts";
import type { Awaitable, SessionProperties } from "./register.ts";
import { incomingOf } from "./request/incoming.ts";
import type { HttpOptions } from "./settings/http-options.ts";
import { Layer } from "./visit/layer.ts";
import { visitorOf } from "./visit/visitor.ts";

/** What a middleware calls when it is done, with an error if there is one. */
export type Next = (error?: unknown) => void;

/** A request with a property for each layer of `Register`. */
export type RequestWithSession = IncomingMessage & SessionProperties;

/** What `visit.handler` calls: a listener of `node:http` whose requests have sessions. */
export type SessionListener = (request: RequestWithSession, response: ServerResponse) => unknown;

/** Sessions for `node:http`, for middleware of Connect's kind, and for `fetch` handlers. */
export interface SessionLayer<Values extends object, Messages extends object>
  extends SessionLayerMethods<Values, Messages> {
  /**
   * Puts the session on the request, as Connect, Polka and Nest call their middleware. Where a save
   * fails, `next` gets the error when the answer was about to begin.
   */
  (request: IncomingMessage, response: ServerResponse, next: Next): void;
}

interface SessionLayerMethods<Values extends object, Messages extends object> {
  /**
   * A listener for `createServer` of `node:http`. Errors of the session and of the handler are answered
   * with their status.
   */
  handler(listener: SessionListener): (request: IncomingMessage, response: ServerResponse) => void;

  /**
   * Runs a `fetch` handler, and saves the session before its response goes on. A thrown response counts
   * as one.
   *
   * @throws what the handler throws; the error of the save, whose `getResponse()` answers the request.
   */
  fetch<Req extends Request>(
    request: Req,
    handler: (
      request: Req,
      session: Awaitable<Session<Values, Messages>>,
    ) => Response | Promise<Response>,
  ): Promise<Response>;

  /**
   * The session of a request that came through `fetch`.
   *
   * @throws NOT_SUPPORTED for another one, such as the copies that some frameworks make.
   */
  of(request: Request): Awaitable<Session<Values, Messages>>;

  /**
   * The session that the headers name, for a WebSocket upgrade or a server component: nothing is sent, so
   * there is none for a stranger, and what is changed must be saved by hand.
   *
   * @throws CROSS_ORIGIN for an upgrade that another site asks for; otherwise as `SessionManager.load`.
   */
  load(headers: Headers | IncomingHttpHeaders): Promise<Session<Values, Messages> | undefined>;

  /** What a client of this session sends as its `Cookie` header, for tests and clients of other kinds. */
  cookie(session: Session<Values, Messages>): string;
}

/**
 * Carries the sessions of a manager in a cookie.
 *
 * @throws INVALID_OPTION for an option that cannot be meant.
 */
export function session<Values extends object, Messages extends object>(
  sessions: SessionManager<Values, Messages>,
  options?: HttpOptions,
): SessionLayer<Values, Messages> {
  const layer = new Layer<Session<Values, Messages>>(sessions, options);
  const visits = new FetchVisits(layer);
  const { property, eager: isEager = false } = layer.settings;

  const visit = (request: IncomingMessage, response: ServerResponse, next: Next): void =>
    attachAndGoOn(layer, request, { request, response, isEager, next, fail: next });

  const methods: SessionLayerMethods<Values, Messages> = {
    handler: (listener) => (request, response) => {
      const fail = (error: unknown) => answerError(response, error);
      const next = (error?: unknown) => {
        if (error !== undefined) fail(error);
        else void runListener(listener, request, response, property).catch(fail);
      };
      attachAndGoOn(layer, request, { request, response, isEager, next, fail });
    },
    fetch: (request, handler) => visits.fetch(request, handler),
    of: (request) => visits.of(request),
    load: async (headers) => {
      const visitor = await visitorOf(layer, incomingOf(headers));
      return visitor.status === "live" ? visitor.session : undefined;
    },
    cookie: ({ id }) => layer.cookie.pair(id),
  };
  return Object.assign(visit, methods);
}

/** What it throws at once is a rejection, too. */
async function runListener(
  listener: SessionListener,
  request: IncomingMessage,
  response: ServerResponse,
  property: string,
): Promise<void> {
  if (hasSession(request, property)) await listener(request, response);
}

/** True once the layer is attached; which properties there are in the whole, `Register` knows. */
function hasSession(request: IncomingMessage, property: string): request is RequestWithSession {
  return property in request;
}
