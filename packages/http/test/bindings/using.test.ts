import { describe, expect, test } from "@jest/globals";
import type { Visit } from "../support/application.ts";
import { bindings } from "../support/bindings.ts";
import { cookieOf } from "../support/client.ts";
import { start } from "../support/world.ts";

describe.each(bindings)("$name: a session", (binding) => {
  test("that nobody awaits costs no store call and no header", async () => {
    const options = { eager: false };
    const world = await start(binding, () => ({ body: "ok" }), { options });
    const answer = await world.send("/", { cookie: world.cookie(await world.seed()) });
    expect(answer.body).toBe("ok");
    expect(world.store.counts()).toEqual({});
    expect(answer.headers).not.toHaveProperty("vary");
    expect(answer.headers).not.toHaveProperty("cache-control");
    expect(answer.cookies).toEqual([]);
  });

  test("of a stranger that nothing is put into is not stored, and sets no cookie", async () => {
    const world = await start(binding, async ({ session }) => {
      return { body: String((await session).get("alias")) };
    });
    const answer = await world.send("/");
    expect(answer).toMatchObject({ status: 200, body: "undefined", cookies: [] });
    expect(world.store.counts()).toEqual({});
  });

  test("that is only read is loaded once, not saved, and sets no cookie", async () => {
    const world = await start(binding, async ({ session }) => {
      const [first, second] = [await session, await session];
      return { body: `${first.get("alias")} ${first === second}` };
    });
    const answer = await world.send("/", { cookie: world.cookie(await world.seed()) });
    expect(answer).toMatchObject({ body: "GoTamer true", cookies: [] });
    expect(world.store.counts()).toEqual({ load: 1 });
  });

  test("that was used makes the answer one for this visitor alone", async () => {
    const world = await start(binding, async ({ session, path }) => {
      (await session).get("alias");
      return path === "/" ? {} : { headers: { "Cache-Control": "public", Vary: "Accept" } };
    });
    const { headers } = await world.send("/");
    expect(headers).toMatchObject({ vary: "Cookie", "cache-control": "no-store" });
    const own = await world.send("/own");
    expect(own.headers).toMatchObject({ vary: "Accept, Cookie", "cache-control": "public" });
  });

  test("that was changed is there for the next request, under a safe cookie", async () => {
    const world = await start(binding, async ({ session, path }) => {
      if (path === "/set") (await session).set("alias", "GoTamer");
      return { body: String((await session).get("alias")) };
    });
    const { cookies } = await world.send("/set");
    expect(cookies).toEqual([
      expect.stringMatching(
        /^__Host-Http-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ]);
    const next = await world.send("/", { cookie: cookieOf(cookies) });
    expect(next).toMatchObject({ body: "GoTamer", cookies: [] });
  });

  test("with a cookie forces no-store, whatever the handler says", async () => {
    const world = await start(binding, async ({ session }) => {
      (await session).set("alias", "GoTamer");
      return { headers: { "Cache-Control": "public, max-age=60" } };
    });
    const { headers } = await world.send("/");
    expect(headers["cache-control"]).toBe("no-store");
  });

  test("leaves the cookies of others alone", async () => {
    const world = await start(binding, async ({ session }) => {
      (await session).set("alias", "GoTamer");
      return { headers: { "Set-Cookie": ["theme=dark", "locale=en"] } };
    });
    const { cookies } = await world.send("/");
    expect(cookies).toEqual(["theme=dark", "locale=en", expect.stringMatching(/^__Host-Http-/)]);
  });

  test("whose id nobody knows is a new one, and the cookie stays", async () => {
    const world = await start(binding, async ({ session }) => {
      return { body: String((await session).isNew) };
    });
    const cookie = world.cookie(world.sessions.create());
    expect(await world.send("/", { cookie })).toMatchObject({ body: "true", cookies: [] });
  });

  test("is one of two, side by side", async () => {
    const handler = async ({ session, admin }: Visit) => {
      (await session).set("alias", "GoTamer");
      (await admin).set("alias", "root");
      return { body: String((await admin).get("alias")) };
    };
    const world = await start(binding, handler, { hasAdmin: true });
    const { cookies } = await world.send("/");
    expect([...cookies].sort()).toEqual([
      expect.stringMatching(/^__Host-Http-admin=/),
      expect.stringMatching(/^__Host-Http-session=/),
    ]);
  });

  test.each([204, 304, 302, 404])("is sent with a status of %d", async (status) => {
    const world = await start(binding, async ({ session }) => {
      (await session).set("alias", "GoTamer");
      return { status, ...(status === 302 && { headers: { Location: "/" } }) };
    });
    const answer = await world.send("/");
    expect(answer).toMatchObject({ status, cookies: [expect.stringMatching(/^__Host-Http-/)] });
  });

  test("is sent in answer to HEAD", async () => {
    const world = await start(binding, async ({ session }) => {
      (await session).set("alias", "GoTamer");
      return { body: "not sent" };
    });
    const answer = await world.send("/", { method: "HEAD" });
    expect(answer).toMatchObject({ body: "", cookies: [expect.stringMatching(/^__Host-Http-/)] });
  });
});
