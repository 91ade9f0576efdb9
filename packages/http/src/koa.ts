import type { Session, SessionManager } from "@sess/core";
import type { SessionProperties } from "@sess/http";
import type { Context, Middleware } from "koa";
import { VisitError } from "./answer/visit-error.ts";
import { attach } from "./node/attach.ts";
import { dropPrepared } from "./node/prepared-answer.ts";
import type { HttpOptions } from "./settings/http-options.ts";
import { Layer } from "./visit/layer.ts";
import { LazySession } from "./visit/lazy-session.ts";

declare module "koa" {
  interface DefaultContext extends SessionProperties {}
}

/**
 * Puts the session on the contexts of Koa 3 and 2: `await ctx.session`. It is saved when the handlers are
 * done, so that a middleware before this one can catch a failure.
 *
 * @throws INVALID_OPTION for an option that cannot be meant.
 */
export function session<Values extends object, Messages extends object>(
  sessions: SessionManager<Values, Messages>,
  options?: HttpOptions,
): Middleware {
  const layer = new Layer<Session<Values, Messages>>(sessions, options);
  return async (ctx, next) => {
    // Koa takes every header off when a handler throws, so the cookie is added when the answer begins.
    const fail = (error: unknown) => ctx.onerror(drop(ctx, error));
    const lazy = attach(layer, ctx, { request: ctx.req, response: ctx.res, fail });
    if (lazy !== undefined && layer.settings.eager) await lazy;
    await next();
    const visit = lazy && LazySession.visitOf(lazy);
    if (visit === undefined || ctx.headerSent) return;
    try {
      await visit.save(ctx.status);
    } catch (error) {
      throw drop(ctx, error);
    }
  };
}

/** Takes back what the handlers have prepared, and returns the error to answer with. */
function drop(ctx: Context, reason: unknown): Error {
  const error = VisitError.from(reason);
  dropPrepared(ctx.res, error.status);
  ctx.body = undefined;
  ctx.status = error.status;
  return error;
}
