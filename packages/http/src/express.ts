import type { IncomingMessage, ServerResponse } from "node:http";
import type { Session, SessionManager } from "@sess/core";
import { isObject } from "@sess/core/adapter";
import type { SessionProperties } from "@sess/http";
import { attachAndGoOn } from "./node/attach.ts";
import type { HttpOptions } from "./settings/http-options.ts";
import { Layer } from "./visit/layer.ts";

declare global {
  namespace Express {
    interface Request extends SessionProperties {}
  }
}

/** As Express calls it. */
export type SessionMiddleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * Puts the session on the requests of Express 5 and 4: `await req.session`. Errors go to the
 * application's error handlers.
 *
 * @throws INVALID_OPTION for an option that cannot be meant.
 */
export function session<Values extends object, Messages extends object>(
  sessions: SessionManager<Values, Messages>,
  options?: HttpOptions,
): SessionMiddleware {
  const layer = new Layer<Session<Values, Messages>>(sessions, options);
  return (request, response, next) => {
    const isEager = layer.settings.eager ?? isExpress4(request);
    attachAndGoOn(layer, request, { request, response, isEager, next, fail: next });
  };
}

/** It does not look after handlers that reject: they would end the process. */
function isExpress4(request: object): boolean {
  const app = isObject(request) ? request["app"] : undefined;
  return isObject(app) && "lazyrouter" in app;
}
