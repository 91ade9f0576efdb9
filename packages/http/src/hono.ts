import type { Session, SessionManager } from "@sess/core";
import type { SessionProperties } from "@sess/http";
import type { Context, MiddlewareHandler } from "hono";
import { describesBody } from "./answer/answer-headers.ts";
import { VisitError } from "./answer/visit-error.ts";
import { lazySession, saveBefore, visitBehind, withSession } from "./fetch/answer.ts";
import type { HttpOptions } from "./settings/http-options.ts";
import { Layer } from "./visit/layer.ts";
import { isFree } from "./visit/session-property.ts";

declare module "hono" {
  interface ContextVariableMap extends SessionProperties {}
}

/**
 * Puts the session among the variables of Hono's contexts: `await c.var.session`. It is saved when the
 * handlers are done; the error of a save goes to `app.onError`.
 *
 * @throws INVALID_OPTION for an option that cannot be meant.
 */
export function session<Values extends object, Messages extends object>(
  sessions: SessionManager<Values, Messages>,
  options?: HttpOptions,
): MiddlewareHandler {
  const layer = new Layer<Session<Values, Messages>>(sessions, options);
  const { property, eager } = layer.settings;
  return async (c, next) => {
    if (!isFree(layer, property, c.get(property))) return next();
    const lazy = lazySession(layer, c.req.raw);
    c.set(property, lazy);
    if (eager) await lazy;
    await next();
    const visit = visitBehind(lazy, c.res);
    if (visit === undefined) return;
    try {
      await saveBefore(visit, c.res);
    } catch (error) {
      answerWith(c, withSession(visit, withoutBody(c.res)));
      throw VisitError.from(error);
    }
    answerWith(c, withSession(visit, c.res));
  };
}

/** Sets the response as it is: Hono would add the headers of the one before. */
function answerWith(c: Context, response: Response): void {
  c.res = undefined;
  c.res = response;
}

/** What the error's answer takes over: the headers that do not describe the body. */
function withoutBody({ headers }: Response): Response {
  const kept = [...headers].filter(([name]) => !describesBody(name));
  return new Response(null, { headers: kept });
}
