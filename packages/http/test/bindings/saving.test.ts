import { describe, expect, test } from "@jest/globals";
import { isPending } from "@sess/test-support";
import { httpError, type Visit } from "../support/application.ts";
import { bindings } from "../support/bindings.ts";
import { cookieOf } from "../support/client.ts";
import { start } from "../support/world.ts";

/** What a handler prepares, all of which must go if its session cannot be saved. */
const PREPARED = {
  Location: "/welcome",
  ETag: '"1"',
  "Last-Modified": "Fri, 01 Jan 2027 00:00:00 GMT",
  "Content-Language": "de",
  "Cache-Control": "public, max-age=60",
  Expires: "Fri, 01 Jan 2027 00:00:00 GMT",
  "Content-Security-Policy": "default-src 'self'",
};

describe.each(bindings)("$name: an answer", (binding) => {
  test("begins when the save is done: a redirect's target finds what was saved", async () => {
    const world = await start(binding, async ({ session }) => {
      (await session).set("alias", "GoTamer");
      return { status: 302, headers: { Location: "/next" } };
    });
    const hanging = world.faults.inject({ method: "save", effect: "hang-after" });
    const answer = world.send("/");
    await hanging.firstHit;
    expect(await isPending(answer)).toBe(true);
    await hanging.heal();
    expect(await answer).toMatchObject({
      status: 302,
      headers: { location: "/next" },
      cookies: [expect.stringMatching(/^__Host-Http-session=/)],
    });
  });

  test("whose session cannot be saved is an error's, and nothing of it is left", async () => {
    const world = await start(binding, async ({ session }) => {
      (await session).set("alias", "GoTamer");
      return { status: 302, headers: PREPARED, body: "Welcome" };
    });
    world.faults.inject({ method: "save", effect: "reject-before", persistent: true });
    const answer = await world.send("/");
    expect(answer).toMatchObject({
      status: 503,
      cookies: [],
      headers: {
        "cache-control": "no-store",
        vary: "Cookie",
        // Under visit.fetch the error's response is the application's.
        ...(!binding.name.startsWith("visit.fetch") && {
          "content-security-policy": "default-src 'self'",
        }),
      },
    });
    expect(answer.body).not.toContain("Welcome");
    for (const name of ["location", "last-modified", "content-language", "expires"]) {
      expect(answer.headers).not.toHaveProperty(name);
    }
    expect(answer.headers.etag).not.toBe('"1"');
  });

  test("is the error handler's where there is one", async () => {
    if (binding.name.startsWith("visit.handler")) return;
    const world = await start(binding, async ({ session }) => {
      (await session).set("alias", "GoTamer");
      return {};
    });
    world.faults.inject({ method: "save", effect: "reject-before", persistent: true });
    expect((await world.send("/")).body).toBe("error handler: STORE_UNAVAILABLE");
  });

  test("is an error's while the store cannot be read: nobody passes for a stranger", async () => {
    const world = await start(binding, async ({ session }) => {
      return { body: String((await session).isNew) };
    });
    const cookie = world.cookie(await world.seed());
    world.faults.inject({ method: "load", effect: "reject-before", persistent: true });
    expect(await world.send("/", { cookie })).toMatchObject({ status: 503, cookies: [] });
  });

  test("with a status of 500 saves nothing", async () => {
    const world = await start(binding, async ({ session, path }) => {
      const mine = await session;
      mine.set("alias", "Nobody");
      if (path === "/throw") throw httpError(500);
      return { status: path === "/" ? 200 : 500 };
    });
    const seeded = await world.seed();
    for (const path of ["/throw", "/500"]) {
      const answer = await world.send(path, { cookie: world.cookie(seeded) });
      expect(answer).toMatchObject({ status: 500, cookies: [] });
    }
    expect(world.store.counts()).toEqual({ load: 2 });
  });

  test("with a status of 500 carries an id that has already changed in the store", async () => {
    const world = await start(binding, async ({ session, path }) => {
      const mine = await session;
      if (path === "/") return { body: String(mine.get("alias")) };
      await mine.regenerate();
      throw httpError(500);
    });
    const answer = await world.send("/fail", { cookie: world.cookie(await world.seed()) });
    expect(answer.status).toBe(500);
    const next = await world.send("/", { cookie: cookieOf(answer.cookies) });
    expect(next.body).toBe("GoTamer");
  });

  test("to a save that failed carries an id that has already changed in the store", async () => {
    const world = await start(binding, async ({ session, path }) => {
      const mine = await session;
      if (path === "/") return { body: String(mine.get("alias")) };
      await mine.regenerate();
      world.faults.inject({ method: "save", effect: "reject-before", persistent: true });
      mine.set("late", true);
      return {};
    });
    const answer = await world.send("/fail", { cookie: world.cookie(await world.seed()) });
    expect(answer.status).toBe(503);
    await world.faults.heal();
    const next = await world.send("/", { cookie: cookieOf(answer.cookies) });
    expect(next.body).toBe("GoTamer");
  });

  test("with a status of 403 saves: a flash message and its cookie come together", async () => {
    const world = await start(binding, async ({ session, path }) => {
      const mine = await session;
      if (path === "/") return { body: (await mine.takeFlash("error")).join() };
      mine.flash("error", "Not you.");
      if (path === "/throw") throw httpError(403);
      return { status: 403 };
    });
    for (const path of ["/throw", "/answer"]) {
      const { status, cookies } = await world.send(path);
      expect({ status, cookies }).toEqual({ status: 403, cookies: [expect.any(String)] });
      const next = await world.send("/", { cookie: cookieOf(cookies) });
      expect(next.body).toBe("Not you.");
    }
  });

  test("to a session that was ended elsewhere is 401, and the cookie stays", async () => {
    const world = await start(binding, async ({ session }) => {
      const mine = await session;
      await world.sessions.destroy(mine.id);
      mine.set("alias", "Nobody");
      return {};
    });
    const answer = await world.send("/", { cookie: world.cookie(await world.seed()) });
    expect(answer).toMatchObject({ status: 401, cookies: [] });
  });

  test("to a session that is too large is 413", async () => {
    const handler = async ({ session }: Visit) => {
      (await session).set("text", "x".repeat(1_000));
      return {};
    };
    const world = await start(binding, handler, { manager: { maxBytes: 500 } });
    expect(await world.send("/")).toMatchObject({ status: 413, cookies: [] });
  });
});
