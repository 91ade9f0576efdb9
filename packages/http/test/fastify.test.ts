import { describe, expect, test } from "@jest/globals";
import { type Session, SessionManager } from "@sess/core";
import { FaultyStore } from "@sess/core/conformance";
import { session } from "@sess/http/fastify";
import { afterTest, expectCode, SpyStore } from "@sess/test-support";
import fastify, { type FastifyInstance } from "fastify";
import { visitFrom } from "./support/bindings.ts";
import { send } from "./support/client.ts";

async function world() {
  const faults = new FaultyStore(new SpyStore());
  const sessions = new SessionManager({ store: faults, sweepInterval: 0 });
  const app = fastify({ forceCloseConnections: true });
  afterTest(() => app.close());
  await app.register(session, { sessions, prefix: "/ignored" });
  return { faults, sessions, app };
}

/** Read by hand: @fastify/session, which is measured elsewhere, types the property, too. */
function sessionOf(request: object): PromiseLike<Session> {
  return visitFrom(request, "GET", "/").session;
}

function listen(app: FastifyInstance): Promise<string> {
  return app.listen({ port: 0, host: "127.0.0.1" });
}

const CHANGED = [expect.stringMatching(/^__Host-Http-session=/)];

describe("Fastify", () => {
  test("answers once where a handler forgets to return reply", async () => {
    const { app } = await world();
    app.get("/", async (request, reply) => {
      (await sessionOf(request)).set("alias", "GoTamer");
      reply.send("ok");
    });
    const answer = await send(await listen(app));
    expect(answer).toMatchObject({ status: 200, body: "ok", cookies: CHANGED });
  });

  test("adds the cookie to a reply that a handler has taken over", async () => {
    const { app } = await world();
    app.get("/", async (request, reply) => {
      (await sessionOf(request)).set("alias", "GoTamer");
      reply.hijack();
      reply.raw.end("ok");
    });
    expect(await send(await listen(app))).toMatchObject({ body: "ok", cookies: CHANGED });
  });

  test("ends such a reply with the bare status where the save fails", async () => {
    const { app, faults } = await world();
    app.get("/", async (request, reply) => {
      (await sessionOf(request)).set("alias", "GoTamer");
      reply.hijack();
      reply.raw.writeHead(200, { "Content-Type": "text/html" }).end("<p>secret");
    });
    faults.inject({ method: "save", effect: "reject-before", persistent: true });
    const answer = await send(await listen(app));
    expect(answer).toMatchObject({ status: 503, cookies: [], body: "Service Unavailable" });
  });

  test("answers a failed save by its default handler, without what was prepared", async () => {
    const { app, faults } = await world();
    app.get("/", async (request, reply) => {
      (await sessionOf(request)).set("alias", "GoTamer");
      return reply.header("ETag", '"1"').redirect("/next", 302);
    });
    faults.inject({ method: "save", effect: "reject-before", persistent: true });
    const answer = await send(await listen(app));
    expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "5" }, cookies: [] });
    expect(answer.headers).not.toHaveProperty("location");
    expect(answer.headers).not.toHaveProperty("etag");
    expect(JSON.parse(answer.body)).toMatchObject({ code: "STORE_UNAVAILABLE", statusCode: 503 });
  });

  test("is held under inject(), too", async () => {
    const { app } = await world();
    app.get("/", async (request) => {
      (await sessionOf(request)).set("alias", "GoTamer");
      return { ok: true };
    });
    const answer = await app.inject("/");
    expect(answer.json()).toEqual({ ok: true });
    expect(answer.cookies).toMatchObject([{ name: "__Host-Http-session", httpOnly: true }]);
  });

  test("refuses a request of another site before the handlers where the layer is eager", async () => {
    const { sessions } = await world();
    const app = fastify({ forceCloseConnections: true });
    afterTest(() => app.close());
    await app.register(session, { sessions, eager: true });
    app.post("/", async () => "ok");
    const headers = { "sec-fetch-site": "cross-site" };
    expect(await send(await listen(app), { method: "POST", headers })).toMatchObject({
      status: 403,
    });
  });

  test("refuses something that is no manager, and options that cannot be meant", async () => {
    const { sessions } = await world();
    const register = async (options: object) => {
      const app = fastify();
      await app.register(session, Object.assign({ sessions }, options));
    };
    await expectCode(register({ sessions: {} }), "INVALID_OPTION");
    await expectCode(register({ sameSite: "Lax" }), "INVALID_OPTION");
  });
});
