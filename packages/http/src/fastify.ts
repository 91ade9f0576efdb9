import type { AnySession } from "@sess/core";
import type { SessionProperties } from "@sess/http";
import type { FastifyPluginAsync, FastifyReply } from "fastify";
import { describesBody } from "./answer/answer-headers.ts";
import { VisitError } from "./answer/visit-error.ts";
import { answerError } from "./node/answer-error.ts";
import { attachAndGoOn } from "./node/attach.ts";
import type { HttpOptions } from "./settings/http-options.ts";
import { Layer, type Sessions } from "./visit/layer.ts";

declare module "fastify" {
  interface FastifyRequest extends SessionProperties {}
}

/** What is passed to `app.register(session, …)`. */
export interface FastifySessionOptions extends HttpOptions {
  /** The manager, of whatever values and messages. */
  sessions: Sessions<AnySession>;
}

/** Puts the session on the requests of Fastify 5: `await request.session`. */
const plugin: FastifyPluginAsync<FastifySessionOptions> = async (app, { sessions, ...rest }) => {
  const layer = new Layer(sessions, httpOptionsIn(rest));
  const isEager = layer.settings.eager ?? false;
  app.decorateRequest(layer.settings.property, null);
  // The raw response is held: an async `onSend` answers twice where a handler forgets to return `reply`.
  app.addHook("onRequest", (request, reply, next) => {
    const fail = (error: unknown) => sendError(reply, error);
    const onward = (error?: unknown) =>
      error === undefined ? next() : next(VisitError.from(error));
    const exchange = { request: request.raw, response: reply.raw, fail, next: onward, isEager };
    attachAndGoOn(layer, request, exchange);
  });
};

/** A plugin for the whole application, not for a context of its own. */
export const session = Object.assign(plugin, {
  [Symbol.for("skip-override")]: true,
  [Symbol.for("fastify.display-name")]: "@sess/http",
  [Symbol.for("plugin-meta")]: { name: "@sess/http", fastify: "5.x" },
});

/** Fastify passes its own options for plugins on. */
function httpOptionsIn(options: object): HttpOptions {
  const {
    prefix: _prefix,
    logLevel: _level,
    logSerializers: _serializers,
    ...own
  }: FastifyOwn = options;
  return own;
}

type FastifyOwn = HttpOptions & { prefix?: unknown; logLevel?: unknown; logSerializers?: unknown };

/** Has the application's error handler answer in place of what was prepared. */
function sendError(reply: FastifyReply, error: unknown): void {
  // A handler that has taken the raw response over: there is nobody else to answer.
  if (reply.sent) {
    answerError(reply.raw, error);
    return;
  }
  for (const name of Object.keys(reply.getHeaders())) {
    if (describesBody(name)) reply.removeHeader(name);
  }
  // Fastify takes the error's status only where none but 200 is set.
  reply.code(200).send(error);
}
