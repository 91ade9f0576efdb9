import {
  createServer,
  Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { AddressInfo, Server as NetServer } from "node:net";
import type { Readable } from "node:stream";
import { createAdaptorServer } from "@hono/node-server";
import type { Session } from "@sess/core";
import { session } from "@sess/http";
import { session as expressSession } from "@sess/http/express";
import { session as fastifySession } from "@sess/http/fastify";
import { session as honoSession } from "@sess/http/hono";
import { session as koaSession } from "@sess/http/koa";
import express from "express";
import express4 from "express4";
import fastify from "fastify";
import { Hono } from "hono";
import Koa from "koa";
import Koa2 from "koa2";
import {
  type Answer,
  type Application,
  type Binding,
  errorBody,
  errorStatus,
  type Server,
  type Visit,
} from "./application.ts";

/** The properties that the layers put on a request or context. */
type WithSessions = Pick<Visit, "session" | "admin">;

function hasSessions(host: object): host is WithSessions {
  return "session" in host;
}

export function visitFrom(host: object, method: string, url: string): Visit {
  if (!hasSessions(host)) throw new Error("There is no session on it.");
  const { pathname } = new URL(url, "http://localhost");
  return { method, path: pathname, session: host.session, admin: host.admin };
}

/** Writes an answer without a framework. */
function answerRaw(response: ServerResponse, { status = 200, headers = {}, body = "" }: Answer) {
  response.writeHead(status, headers);
  if (typeof body === "string") response.end(body);
  else body.pipe(response);
}

function answerError(response: ServerResponse, error: unknown): void {
  response.statusCode = errorStatus(error);
  response.end(errorBody(error));
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** As Connect runs its middleware: each layer, and then the handler. */
function connected({ layers, handler }: Application): Listener {
  const visits = layers.map(({ sessions, options }) => session(sessions, options));
  return (request, response) => {
    const fail = (error: unknown) => answerError(response, error);
    const run = (index: number) => (error?: unknown) => {
      const visit = visits[index];
      if (error !== undefined) fail(error);
      else if (visit !== undefined) visit(request, response, run(index + 1));
      else {
        Promise.resolve()
          .then(() => handler(visitFrom(request, request.method ?? "GET", request.url ?? "/")))
          .then((answer) => answerRaw(response, answer))
          .catch(fail);
      }
    };
    run(0)();
  };
}

const connect: Binding = {
  name: "Connect on node:http",
  kind: "node",
  serve: async (application) => listening(createServer(connected(application))),
};

const http2: Binding = {
  name: "Connect on node:http2",
  kind: "node",
  isHttp2: true,
  serve: async (application) => {
    const listener = connected(application);
    const server = createHttp2Server();
    // The compatibility API: the same members, under types of its own.
    server.on("request", (...args) => Reflect.apply(listener, undefined, args));
    return listening(server);
  },
};

const handler: Binding = {
  name: "visit.handler on node:http",
  kind: "node",
  serve: async ({ layers: [layer, second], handler }) => {
    if (layer === undefined) throw new Error("There is no layer.");
    const visit = session(layer.sessions, layer.options);
    const inner = second && session(second.sessions, second.options);
    const listener = visit.handler(async (request, response) => {
      if (inner) await new Promise<void>((go) => inner(request, response, () => go()));
      const answer = await handler(visitFrom(request, request.method ?? "", request.url ?? ""));
      answerRaw(response, answer);
    });
    return listening(createServer(listener));
  },
};

function expressBinding(name: string, framework: typeof express): Binding {
  return {
    name,
    kind: "node",
    serve: async ({ layers, handler }) => {
      const app = framework();
      for (const { sessions, options } of layers) app.use(expressSession(sessions, options));
      app.use((request, response, next) => {
        const run = async () => {
          const answer = await handler(visitFrom(request, request.method, request.originalUrl));
          const { status = 200, headers = {}, body = "" } = answer;
          response.status(status).set(headers);
          if (typeof body === "string") response.send(body);
          else body.pipe(response);
        };
        run().catch(next);
      });
      const onError: express.ErrorRequestHandler = (error, _request, response, next) => {
        if (response.headersSent) return next(error);
        response.status(errorStatus(error)).send(errorBody(error));
      };
      app.use(onError);
      return listening(createServer(app));
    },
  };
}

const fastifyBinding: Binding = {
  name: "Fastify 5",
  kind: "node",
  serve: async ({ layers, handler }) => {
    const app = fastify({ forceCloseConnections: true });
    for (const { sessions, options } of layers) {
      await app.register(fastifySession, { sessions, ...options });
    }
    app.all("/*", async (request, reply) => {
      const answer = await handler(visitFrom(request, request.method, request.url));
      const { status = 200, headers = {}, body = "" } = answer;
      return reply.code(status).headers(headers).send(body);
    });
    app.setErrorHandler((error, _request, reply) => {
      return reply.code(errorStatus(error)).send(errorBody(error));
    });
    await app.listen({ port: 0, host: "127.0.0.1" });
    return { origin: originOf(app.server), close: () => app.close() };
  },
};

function koaBinding(name: string, framework: typeof Koa): Binding {
  return {
    name,
    kind: "node",
    serve: async ({ layers, handler }) => {
      const app = new framework();
      app.silent = true;
      app.use(async (ctx, next) => {
        try {
          await next();
        } catch (error) {
          ctx.status = errorStatus(error);
          ctx.body = errorBody(error);
        }
      });
      for (const { sessions, options } of layers) app.use(koaSession(sessions, options));
      app.use(async (ctx) => {
        const {
          status = 200,
          headers = {},
          body = "",
        } = await handler(visitFrom(ctx, ctx.method, ctx.url));
        ctx.status = status;
        ctx.set({ ...headers });
        ctx.body = body;
      });
      return listening(createServer(app.callback()));
    },
  };
}

function webBody(body: string | Readable): string | ReadableStream {
  return typeof body === "string" ? body : ReadableStream.from(body);
}

function headersOf(headers: Answer["headers"] = {}): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, each]),
  );
}

function responseOf({ status = 200, headers, body = "" }: Answer, method: string): Response {
  const isEmpty = method === "HEAD" || status === 204 || status === 304;
  return new Response(isEmpty ? null : webBody(body), { status, headers: headersOf(headers) });
}

const honoBinding: Binding = {
  name: "Hono on node:http",
  kind: "fetch",
  serve: async ({ layers, handler }) => {
    const app = new Hono();
    for (const { sessions, options } of layers) app.use(honoSession(sessions, options));
    app.all("*", async (c) =>
      responseOf(await handler(visitFrom(c.var, c.req.method, c.req.url)), c.req.method),
    );
    app.onError((error) => new Response(errorBody(error), { status: errorStatus(error) }));
    return serving(app.fetch);
  },
};

const fetchBinding: Binding = {
  name: "visit.fetch on node:http",
  kind: "fetch",
  serve: async ({ layers, handler }) => {
    const [visit, second] = layers.map(({ sessions, options }) => session(sessions, options));
    if (visit === undefined) throw new Error("There is no layer.");
    const none = (request: Request, go: (request: Request) => Promise<Response>) => go(request);
    const run = second?.fetch ?? none;
    // As in most frameworks, what a handler throws is a response before the layer sees it.
    const answer = async (request: Request, admin: PromiseLike<Session>): Promise<Response> => {
      const host = { session: visit.of(request), admin };
      const { method, url } = request;
      return responseOf(await handler(visitFrom(host, method, url)), method);
    };
    return serving((request) =>
      visit
        .fetch(request, (same, first) =>
          run(same, () => answer(same, second?.of(same) ?? first).catch(errorResponse)),
        )
        .catch(errorResponse),
    );
  },
};

/** What an application does with an error of `visit.fetch`. */
function errorResponse(error: unknown): Response {
  const from =
    error instanceof Error && "getResponse" in error && typeof error.getResponse === "function"
      ? error.getResponse()
      : undefined;
  const headers = from instanceof Response ? from.headers : new Headers();
  return new Response(errorBody(error), { status: errorStatus(error), headers });
}

function serving(fetch: (request: Request) => Response | Promise<Response>): Promise<Server> {
  return listening(createAdaptorServer({ fetch }));
}

/** Starts a server on a free port. */
export async function listening(server: NetServer): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return closable(server);
}

function closable(server: NetServer): Server {
  return {
    origin: originOf(server),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if (server instanceof HttpServer) server.closeAllConnections();
      }),
  };
}

function originOf(server: { address(): AddressInfo | string | null }): string {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("It does not listen.");
  return `http://127.0.0.1:${address.port}`;
}

/** Every binding that the suite runs against. */
export const bindings: readonly Binding[] = [
  connect,
  handler,
  http2,
  expressBinding("Express 5", express),
  expressBinding("Express 4", express4),
  fastifyBinding,
  koaBinding("Koa 3", Koa),
  koaBinding("Koa 2", Koa2),
  honoBinding,
  fetchBinding,
];
