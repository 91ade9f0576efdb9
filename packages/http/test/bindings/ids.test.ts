import { describe, expect, test } from "@jest/globals";
import { StoppedClock } from "@sess/test-support";
import type { Handler } from "../support/application.ts";
import { bindings } from "../support/bindings.ts";
import { cookieOf, idIn } from "../support/client.ts";
import { start } from "../support/world.ts";

const EXPIRED = "__Host-Http-session=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax";

/** Does what the path says, and answers with what the session holds. */
const act: Handler = async ({ session, path }) => {
  const mine = await session;
  for (const action of path.split("/")) {
    const current = await session;
    if (action === "set") current.set("alias", "Changed");
    if (action === "regenerate") await current.regenerate({ restart: true });
    if (action === "destroy") await current.destroy();
    if (action === "save") await current.save();
  }
  return { body: mine.isDestroyed ? "destroyed" : String(mine.get("alias")) };
};

describe.each(bindings)("$name: the cookie", (binding) => {
  test("follows a sign-in, and the old id is worth nothing", async () => {
    const world = await start(binding, act);
    const old = world.cookie(await world.seed());
    const { cookies } = await world.send("/regenerate", { cookie: old });
    expect(cookies).toHaveLength(1);
    expect((await world.send("/", { cookie: cookieOf(cookies) })).body).toBe("GoTamer");
    expect((await world.send("/", { cookie: old })).body).toBe("undefined");
  });

  test("is expired by a sign-out, under its own name and attributes", async () => {
    const world = await start(binding, act);
    const cookie = world.cookie(await world.seed());
    expect(await world.send("/destroy", { cookie })).toMatchObject({
      status: 200,
      body: "destroyed",
      cookies: [EXPIRED],
    });
    expect((await world.send("/", { cookie })).body).toBe("undefined");
  });

  test("with a domain, a path and partitioned is expired with these", async () => {
    const options = { domain: "example.com", path: "/shop", partitioned: true } as const;
    const world = await start(binding, act, { options });
    const cookie = world.cookie(await world.seed());
    const { cookies } = await world.send("/destroy", { cookie });
    expect(cookies).toEqual([
      "__Secure-session=; Max-Age=0; Domain=example.com; Path=/shop; HttpOnly; Secure; Partitioned; SameSite=Lax",
    ]);
  });

  test("of a session that was given a new id and then ended holds no live id", async () => {
    const world = await start(binding, act);
    const cookie = world.cookie(await world.seed());
    const { cookies } = await world.send("/regenerate/destroy", { cookie });
    expect(cookies).toEqual([EXPIRED]);
  });

  test("is a new one where a session follows one that was ended", async () => {
    const world = await start(binding, act);
    const cookie = world.cookie(await world.seed());
    const { cookies } = await world.send("/destroy/set", { cookie });
    expect(cookies).toHaveLength(1);
    expect((await world.send("/", { cookie: cookieOf(cookies) })).body).toBe("Changed");
  });

  test("is not expired for a stranger who signs out", async () => {
    const world = await start(binding, act);
    expect((await world.send("/destroy")).cookies).toEqual([]);
    const cookie = world.cookie(world.sessions.create());
    expect((await world.send("/destroy", { cookie })).cookies).toEqual([]);
  });

  test("is not replaced by a slow request that still has the old id", async () => {
    const world = await start(binding, act);
    const old = world.cookie(await world.seed());
    await world.send("/regenerate", { cookie: old });
    world.store.counts();
    expect(await world.send("/set", { cookie: old })).toMatchObject({
      status: 200,
      body: "Changed",
      cookies: [],
    });
    // What is under the old id, and whether the session still lives under its new one.
    expect(world.store.counts()).toEqual({ load: 2 });
  });

  test("is replaced where the slow request signs in", async () => {
    const world = await start(binding, act);
    const old = world.cookie(await world.seed());
    await world.send("/regenerate", { cookie: old });
    const { cookies } = await world.send("/set/regenerate", { cookie: old });
    expect(cookies).toHaveLength(1);
    expect((await world.send("/", { cookie: cookieOf(cookies) })).body).toBe("Changed");
  });

  test("with an old id signs out the session that has moved on", async () => {
    const world = await start(binding, act);
    const old = world.cookie(await world.seed());
    const { cookies } = await world.send("/regenerate", { cookie: old });
    expect((await world.send("/destroy", { cookie: old })).cookies).toEqual([EXPIRED]);
    expect((await world.send("/", { cookie: cookieOf(cookies) })).body).toBe("undefined");
  });

  test("with an id that moved more than a minute ago is a stranger's", async () => {
    using clock = new StoppedClock();
    const world = await start(binding, act);
    const old = world.cookie(await world.seed());
    await world.send("/regenerate", { cookie: old });
    clock.advance(60_001);
    expect((await world.send("/set", { cookie: old })).cookies).toHaveLength(1);
  });

  test("twice counts as none, and the next sign-in holds", async () => {
    const options = { secure: false, domain: "example.com" };
    const world = await start(binding, act, { options });
    const [one, other] = [await world.seed(), await world.seed()];
    const twice = `${world.cookie(one)}; theme=dark; ${world.cookie(other)}`;
    const read = await world.send("/", { cookie: twice });
    const expiries = [
      "session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
      "session=; Max-Age=0; Domain=example.com; Path=/; HttpOnly; SameSite=Lax",
    ];
    expect(read).toMatchObject({ body: "undefined", cookies: expiries });
    const { cookies } = await world.send("/set", { cookie: twice });
    expect(cookies).toEqual([
      ...expiries,
      expect.stringMatching(/^session=[\w-]{43}; Domain=example.com; /),
    ]);
    const cookie = cookieOf(cookies.slice(-1));
    expect((await world.send("/", { cookie })).body).toBe("Changed");
  });

  test("of a remembered session lives as long as that, extensions included", async () => {
    using clock = new StoppedClock();
    const DAY = 86_400_000;
    const remember: Handler = async ({ session, path }) => {
      if (path === "/in") {
        await (await session).regenerate({ idleTimeout: 10 * DAY, absoluteTimeout: 90 * DAY });
        (await session).set("alias", "GoTamer");
      }
      return { body: String((await session).get("alias")) };
    };
    const world = await start(binding, remember);
    const first = await world.send("/in");
    expect(first.cookies).toEqual([expect.stringContaining(`; Max-Age=${10 * 86_400}; `)]);
    const cookie = cookieOf(first.cookies);
    clock.advance(1_000);
    expect((await world.send("/", { cookie })).cookies).toEqual([]);
    clock.advance(5 * DAY);
    const later = await world.send("/", { cookie });
    expect(later).toMatchObject({
      body: "GoTamer",
      cookies: [expect.stringContaining(`; Max-Age=${10 * 86_400}; `)],
    });
    expect(idIn(later.cookies[0])).toBe(idIn(first.cookies[0]));
  });

  test("lives for 400 days at most where all are persistent", async () => {
    const YEARS = 63_072_000_000;
    const manager = { idleTimeout: YEARS, absoluteTimeout: YEARS };
    const world = await start(binding, act, { options: { persistent: true }, manager });
    const { cookies } = await world.send("/set");
    expect(cookies).toEqual([expect.stringContaining(`; Max-Age=${400 * 86_400}; `)]);
  });
});

describe.each(bindings)("$name: a request that changes something", (binding) => {
  const serve = (options = {}) => start(binding, act, { options });
  const post = (headers: Record<string, string>) => ({ method: "POST", headers });

  test.each([
    ["a site that is not ours", { "sec-fetch-site": "cross-site" }],
    ["another host of our site", { "sec-fetch-site": "same-site" }],
    ["an origin that is not ours", { origin: "https://evil.example" }],
    ["an opaque origin", { origin: "null" }],
  ])("from %s is refused, and nothing is loaded", async (_, headers) => {
    const world = await serve();
    expect(await world.send("/set", post(headers))).toMatchObject({ status: 403, cookies: [] });
    expect(world.store.counts()).toEqual({});
  });

  test.each([
    ["our own pages", { "sec-fetch-site": "same-origin", origin: "null" }],
    ["the address bar", { "sec-fetch-site": "none" }],
    ["no browser", {}],
    [
      "an origin that a proxy names",
      { origin: "https://a.example", "x-forwarded-host": "A.example:443" },
    ],
    ["a trusted origin", { "sec-fetch-site": "cross-site", origin: "https://pay.example" }],
  ])("from %s passes", async (_, headers) => {
    const world = await serve({ trustedOrigins: ["https://pay.example"] });
    expect(await world.send("/set", post(headers))).toMatchObject({ status: 200 });
  });

  test("from another site passes where it leaves the session alone", async () => {
    const world = await start(binding, () => ({ body: "ok" }), { options: { eager: false } });
    const answer = await world.send("/", post({ "sec-fetch-site": "cross-site" }));
    expect(answer).toMatchObject({ status: 200, body: "ok" });
  });
});
