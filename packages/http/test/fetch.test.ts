import { describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { FaultyStore } from "@sess/core/conformance";
import { session } from "@sess/http";
import { session as honoSession } from "@sess/http/hono";
import { expectCode, rejection, SpyStore } from "@sess/test-support";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";

function world() {
  const faults = new FaultyStore(new SpyStore());
  const sessions = new SessionManager({ store: faults, sweepInterval: 0 });
  return { faults, sessions, visit: session(sessions) };
}

const request = () => new Request("https://shop.example/");

const CHANGED = [expect.stringMatching(/^__Host-Http-session=/)];

describe("visit.fetch", () => {
  test("returns the handler's own response where the session is not used", async () => {
    const { visit } = world();
    const response = new Response("ok");
    expect(await visit.fetch(request(), () => response)).toBe(response);
  });

  test.each([
    ["Response.redirect()", () => Response.redirect("https://shop.example/next", 302)],
    ["a response without a body", () => new Response(null, { status: 204 })],
  ])("adds the cookie to an immutable one: %s", async (_, make) => {
    const { visit } = world();
    const answer = visit.fetch(request(), async (_request, mine) => {
      (await mine).set("alias", "GoTamer");
      return make();
    });
    expect((await answer).headers.getSetCookie()).toEqual(CHANGED);
  });

  test("leaves a response alone that has no head of its own", async () => {
    const { visit } = world();
    const failed = Response.error();
    const answer = await visit.fetch(request(), async (_request, mine) => {
      (await mine).get("alias");
      return failed;
    });
    expect(answer).toBe(failed);
  });

  test("leaves a response that all visitors get as it is", async () => {
    const { visit } = world();
    const shared = Response.redirect("https://shop.example/next", 302);
    for (let visitor = 0; visitor < 2; visitor += 1) {
      const answer = await visit.fetch(request(), async (_request, mine) => {
        (await mine).set("visitor", visitor);
        return shared;
      });
      expect(answer.headers.getSetCookie()).toHaveLength(1);
    }
    expect([...shared.headers.keys()]).toEqual(["location"]);
  });

  test("takes a response that is thrown for one", async () => {
    const { visit } = world();
    const thrown = await rejection(
      visit.fetch(request(), async (_request, mine) => {
        (await mine).flash("notice", "Sign in first.");
        throw Response.redirect("https://shop.example/sign-in", 302);
      }),
    );
    if (!(thrown instanceof Response)) throw new Error("It is no response.");
    expect(thrown.status).toBe(302);
    expect(thrown.headers.getSetCookie()).toEqual(CHANGED);
  });

  test("passes another error on, and saves nothing", async () => {
    const { faults, visit } = world();
    const error = new Error("Broken.");
    const thrown = await rejection(
      visit.fetch(request(), async (_request, mine) => {
        (await mine).set("alias", "GoTamer");
        throw error;
      }),
    );
    expect(thrown).toBe(error);
    expect(faults.store.counts()).toEqual({});
  });

  test("rejects where a save fails, with an error that answers the request", async () => {
    const { faults, sessions, visit } = world();
    const seeded = sessions.create();
    seeded.set("alias", "GoTamer");
    await seeded.save();
    const mine = new Request("https://shop.example/", {
      headers: { cookie: visit.cookie(seeded) },
    });
    const error = await expectCode(
      visit.fetch(mine, async (_request, session) => {
        await (await session).regenerate();
        faults.inject({ method: "save", effect: "reject-before", persistent: true });
        (await session).set("late", true);
        return new Response("success");
      }),
      "STORE_UNAVAILABLE",
    );
    if (!("getResponse" in error) || typeof error.getResponse !== "function") throw error;
    const response: unknown = error.getResponse();
    if (!(response instanceof Response)) throw error;
    expect(response.status).toBe(503);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "retry-after": "5",
      "cache-control": "no-store",
      vary: "Cookie",
      "set-cookie": CHANGED[0],
    });
  });

  test("gives a nested call, and visit.of(), the same session", async () => {
    const { visit } = world();
    await visit.fetch(request(), (outer, mine) =>
      visit.fetch(outer, async (inner, again) => {
        expect(again).toBe(mine);
        expect(visit.of(inner)).toBe(mine);
        return new Response("ok");
      }),
    );
  });

  test("says where visit.of() gets a request that it has not seen", async () => {
    const { visit } = world();
    const error = await expectCode(() => visit.of(request()), "NOT_SUPPORTED");
    expect(error.message).toContain("visit.fetch(request, (request, session) => …)");
  });
});

describe("visit.load", () => {
  test("finds the session that the headers name, in either form, and none for a stranger", async () => {
    const { sessions, visit } = world();
    const seeded = sessions.create();
    seeded.set("alias", "GoTamer");
    await seeded.save();
    const cookie = visit.cookie(seeded);
    expect((await visit.load({ cookie }))?.get("alias")).toBe("GoTamer");
    expect((await visit.load(new Headers({ cookie })))?.get("alias")).toBe("GoTamer");
    expect(await visit.load({})).toBeUndefined();
    expect(await visit.load({ cookie: `${cookie}; ${cookie}` })).toBeUndefined();
  });

  test("refuses an upgrade that another site asks for", async () => {
    const { visit } = world();
    const headers = { upgrade: "websocket", host: "shop.example" };
    await expectCode(visit.load({ ...headers, origin: "https://evil.example" }), "CROSS_ORIGIN");
    expect(await visit.load({ ...headers, origin: "https://shop.example" })).toBeUndefined();
  });
});

describe("Hono", () => {
  function application() {
    const { faults, sessions } = world();
    const app = new Hono();
    app.use(honoSession(sessions));
    return { faults, app };
  }

  test("adds the cookie to a response that a handler has from fetch", async () => {
    const { app } = application();
    app.get("/", async (c) => {
      (await c.var.session).set("alias", "GoTamer");
      return Response.redirect("https://shop.example/next", 302);
    });
    const answer = await app.request("/");
    expect(answer.headers.getSetCookie()).toEqual(CHANGED);
  });

  test("saves where a handler throws with a status of 403", async () => {
    const { app } = application();
    app.get("/", async (c) => {
      (await c.var.session).flash("error", "Not you.");
      throw new HTTPException(403);
    });
    const answer = await app.request("/");
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual(CHANGED);
  });

  test("answers a failed save by its default handler, without what was prepared", async () => {
    const { app, faults } = application();
    app.get("/", async (c) => {
      (await c.var.session).set("alias", "GoTamer");
      c.header("ETag", '"1"');
      c.header("X-Own", "1");
      c.header("Set-Cookie", "theme=dark");
      return c.redirect("/next");
    });
    faults.inject({ method: "save", effect: "reject-before", persistent: true });
    const answer = await app.request("/");
    expect(answer.status).toBe(503);
    expect(await answer.text()).toBe("Service Unavailable");
    expect(Object.fromEntries(answer.headers)).toEqual({
      "cache-control": "no-store",
      "content-type": "text/plain; charset=utf-8",
      "retry-after": "5",
      "set-cookie": "theme=dark",
      vary: "Cookie",
      "x-own": "1",
    });
  });
});
