import { createServer } from "node:http";
import { Readable } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { FaultyStore } from "@sess/core/conformance";
import { session } from "@sess/http/koa";
import { afterTest, SpyStore } from "@sess/test-support";
import Koa from "koa";
import Koa2 from "koa2";
import { listening } from "./support/bindings.ts";
import { cookieOf, send } from "./support/client.ts";

const CHANGED = [expect.stringMatching(/^__Host-Http-session=/)];

describe.each([
  ["3", Koa],
  ["2", Koa2],
])("Koa %s", (_, Framework) => {
  function world() {
    const faults = new FaultyStore(new SpyStore());
    const sessions = new SessionManager({ store: faults, sweepInterval: 0 });
    const app = new Framework();
    app.silent = true;
    return { faults, sessions, app };
  }

  async function run(app: Koa): Promise<string> {
    const { origin, close } = await listening(createServer(app.callback()));
    afterTest(close);
    return origin;
  }

  test("keeps a flash message and its cookie together where a handler throws", async () => {
    const { app, sessions } = world();
    app.use(session(sessions));
    app.use(async (ctx) => {
      if (ctx.path === "/") {
        ctx.body = (await (await ctx.session).takeFlash("error")).join();
        return;
      }
      (await ctx.session).flash("error", "Not you.");
      ctx.throw(403);
    });
    const origin = await run(app);
    const answer = await send(`${origin}/throw`);
    expect(answer).toMatchObject({ status: 403, cookies: CHANGED });
    expect((await send(origin, { cookie: cookieOf(answer.cookies) })).body).toBe("Not you.");
  });

  test("answers a failed save by its default handler, without what was prepared", async () => {
    const { app, faults, sessions } = world();
    app.use(session(sessions));
    app.use(async (ctx) => {
      (await ctx.session).set("alias", "GoTamer");
      ctx.redirect("/next");
    });
    faults.inject({ method: "save", effect: "reject-before", persistent: true });
    const answer = await send(await run(app));
    expect(answer).toMatchObject({
      status: 503,
      headers: { "retry-after": "5", vary: "Cookie" },
      body: "Service Unavailable",
      cookies: [],
    });
    expect(answer.headers).not.toHaveProperty("location");
  });

  test("gives a stream up whose session cannot be saved", async () => {
    const { app, faults, sessions } = world();
    const body = Readable.from(["secret"]);
    app.use(session(sessions));
    app.use(async (ctx) => {
      (await ctx.session).set("alias", "GoTamer");
      ctx.body = body;
    });
    faults.inject({ method: "save", effect: "reject-before", persistent: true });
    expect((await send(await run(app))).body).toBe("Service Unavailable");
    expect(body.destroyed).toBe(true);
  });

  test("holds an answer that a handler writes past it", async () => {
    const { app, sessions } = world();
    app.use(session(sessions));
    app.use(async (ctx) => {
      (await ctx.session).set("alias", "GoTamer");
      ctx.respond = false;
      ctx.res.end("raw");
    });
    expect(await send(await run(app))).toMatchObject({ body: "raw", cookies: CHANGED });
  });

  test("answers a save that fails after a handler has thrown", async () => {
    const { app, faults, sessions } = world();
    app.use(session(sessions));
    app.use(async (ctx) => {
      (await ctx.session).flash("error", "Not you.");
      ctx.throw(403);
    });
    faults.inject({ method: "save", effect: "reject-before", persistent: true });
    expect(await send(await run(app))).toMatchObject({ status: 503, cookies: [] });
  });
});
