import { writeFileSync } from "node:fs";
import { createServer, get, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { FaultyStore } from "@sess/core/conformance";
import { session } from "@sess/http/express";
import { afterTest, SpyStore, scratch } from "@sess/test-support";
import compression from "compression";
import express, { type Express } from "express";
import express4 from "express4";
import { listening } from "./support/bindings.ts";
import { send } from "./support/client.ts";

const TEXT = "Hello, world. ".repeat(1_000);

/** Listens, and closes after the test. */
async function run(app: Express): Promise<string> {
  const { origin, close } = await listening(createServer(app));
  afterTest(close);
  return origin;
}

function storeAndSessions() {
  const faults = new FaultyStore(new SpyStore());
  return { faults, sessions: new SessionManager({ store: faults, sweepInterval: 0 }) };
}

describe.each([
  ["5", express],
  ["4", express4],
])("Express %s", (_, framework) => {
  test.each(["next", "throw"])("delivers a whole answer that %s follows, once", async (then) => {
    const { sessions } = storeAndSessions();
    const app = framework();
    app.use(session(sessions));
    app.get("/", async (request, response, next) => {
      (await request.session).set("alias", "GoTamer");
      response.send(TEXT);
      if (then === "next") next();
      else next(new Error("Too late."));
    });
    app.set("env", "test");
    const answer = await send(await run(app));
    expect(answer).toMatchObject({ status: 200, body: TEXT, cookies: [expect.any(String)] });
  });

  test("sends a file with the cookie", async () => {
    const file = join(scratch(), "page.txt");
    writeFileSync(file, TEXT);
    const { sessions } = storeAndSessions();
    const app = framework();
    app.use(session(sessions));
    app.get("/", async (request, response) => {
      (await request.session).set("alias", "GoTamer");
      response.sendFile(file);
    });
    const answer = await send(await run(app));
    expect(answer).toMatchObject({ status: 200, body: TEXT, cookies: [expect.any(String)] });
    expect(answer.headers["content-length"]).toBe(String(TEXT.length));
  });

  test("holds the answers of an application that is mounted in it", async () => {
    const { faults, sessions } = storeAndSessions();
    const app = framework();
    const mounted = framework();
    app.use(session(sessions));
    app.use(async (request, _response, next) => {
      (await request.session).set("alias", "GoTamer");
      next();
    });
    mounted.get("/", (_request, response) => void response.send("mounted"));
    app.use("/mounted", mounted);
    const origin = await run(app);
    expect((await send(`${origin}/mounted/`)).cookies).toHaveLength(1);
    faults.inject({ method: "save", effect: "reject-before", persistent: true });
    app.set("env", "test");
    expect(await send(`${origin}/mounted/`)).toMatchObject({ status: 503, cookies: [] });
  });

  test("answers with the error's status and headers where the application has no handler", async () => {
    const { faults, sessions } = storeAndSessions();
    const app = framework();
    app.set("env", "test");
    app.use(session(sessions, { eager: true }));
    app.get("/", (_request, response) => void response.send("ok"));
    faults.inject({ method: "load", effect: "reject-before", persistent: true });
    const cookie = `__Host-Http-session=${sessions.create().id}`;
    const answer = await send(await run(app), { cookie });
    expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "5" } });
  });

  describe.each(["before", "after", "after an early await"])("with compression %s", (place) => {
    async function serve() {
      const { faults, sessions } = storeAndSessions();
      const app = framework();
      app.set("env", "test");
      if (place === "before") app.use(compression());
      app.use(session(sessions, { eager: place === "after an early await" }));
      if (place !== "before") app.use(compression());
      app.get("/", async (request, response) => {
        (await request.session).set("alias", "GoTamer");
        response.type("text").send(TEXT);
      });
      return { faults, origin: await run(app) };
    }

    test("compresses the answer and adds the cookie", async () => {
      const { origin } = await serve();
      const response = await gzipped(origin);
      expect(response.headers).toMatchObject({
        "content-encoding": "gzip",
        "set-cookie": [expect.any(String)],
      });
      expect(gunzipSync(await buffer(response)).toString()).toBe(TEXT);
    });

    test("sends nothing of an answer whose session cannot be saved", async () => {
      const { faults, origin } = await serve();
      faults.inject({ method: "save", effect: "reject-before", persistent: true });
      const response = await gzipped(origin);
      expect(response.statusCode).toBe(503);
      const body = await buffer(response);
      const isGzip = response.headers["content-encoding"] === "gzip";
      const text = isGzip ? gunzipSync(body).toString() : body.toString();
      expect(text).not.toContain("Hello");
    });
  });
});

test("Express 4 loads every session before the handlers, whose rejections it does not catch", async () => {
  const { faults, sessions } = storeAndSessions();
  const app = express4();
  app.set("env", "test");
  app.use(session(sessions));
  app.get("/", (_request, response) => void response.send("ok"));
  faults.inject({ method: "load", effect: "reject-before", persistent: true });
  const cookie = `__Host-Http-session=${sessions.create().id}`;
  expect((await send(await run(app), { cookie })).status).toBe(503);
});

function gzipped(origin: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(origin, { headers: { "accept-encoding": "gzip" }, agent: false }, resolve).on(
      "error",
      reject,
    );
  });
}
