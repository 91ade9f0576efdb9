import { once } from "node:events";
import { describe, expect, jest, test } from "@jest/globals";
import { afterTest } from "@sess/test-support";
import { nodeServer } from "../support/node-server.ts";

/** The warnings of the test that is running, by code. */
function warnings(): unknown[] {
  const spy = jest.spyOn(process, "emitWarning").mockImplementation(() => {});
  afterTest(() => spy.mockRestore());
  return spy.mock.calls;
}

const UNSAVED = [
  expect.stringContaining("session was changed after the answer had begun"),
  { type: "SessWarning", code: "SESS_UNSAVED" },
];

describe("a session that is changed after the head", () => {
  test("and not saved is reported when the response closes, once", async () => {
    const calls = warnings();
    const server = await nodeServer(async (request, response) => {
      const session = await request.session;
      response.write("Hello");
      session.set("late", true);
      response.end();
      await once(response, "close");
    });
    await server.send();
    await server.send();
    expect(calls).toEqual([UNSAVED]);
  });

  test("and saved is not reported, unless its id cannot be sent any more", async () => {
    const calls = warnings();
    const server = await nodeServer(async (request, response) => {
      const session = await request.session;
      response.write("Hello");
      session.set("late", true);
      await session.save();
      response.end();
    });
    const seeded = server.sessions.create();
    seeded.set("alias", "GoTamer");
    await seeded.save();
    await server.send({ cookie: `__Host-Http-session=${seeded.id}` });
    expect(calls).toEqual([]);
    await server.send();
    expect(calls).toEqual([UNSAVED]);
  });

  test("is not reported after a status of 500, where it would not have been saved", async () => {
    const calls = warnings();
    const server = await nodeServer(async (request, response) => {
      const session = await request.session;
      response.writeHead(500);
      session.set("late", true);
      response.end();
    });
    await server.send();
    expect(calls).toEqual([]);
  });

  test("having been awaited first then, is loaded", async () => {
    const calls = warnings();
    const server = await nodeServer(async (request, response) => {
      response.write("Hello, ");
      const session = await request.session;
      response.end(String(session.get("alias")));
    });
    const seeded = server.sessions.create();
    seeded.set("alias", "GoTamer");
    await seeded.save();
    const answer = await server.send({ cookie: `__Host-Http-session=${seeded.id}` });
    expect(answer.body).toBe("Hello, GoTamer");
    expect(calls).toEqual([]);
  });
});

describe("a cookie that a page under plain HTTP gets", () => {
  test.each([
    ["http://shop.example", 1],
    ["http://localhost:8080", 0],
    ["http://127.0.0.1", 0],
    ["https://shop.example", 0],
  ])("is reported once: %s", async (origin, count) => {
    const calls = warnings();
    const server = await nodeServer(async (request, response) => {
      (await request.session).set("alias", "GoTamer");
      response.end();
    });
    for (let index = 0; index < 2; index += 1) await server.send({ headers: { origin } });
    expect(calls).toHaveLength(count);
  });
});
