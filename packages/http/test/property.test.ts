import { createServer } from "node:http";
import { describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { session } from "@sess/http";
import { session as expressSession } from "@sess/http/express";
import { afterTest, SpyStore } from "@sess/test-support";
import express from "express";
import { listening } from "./support/bindings.ts";
import { send } from "./support/client.ts";

const sessions = new SessionManager({ store: new SpyStore(), sweepInterval: 0 });

async function bodyOf(...layers: ReturnType<typeof expressSession>[]): Promise<string> {
  const app = express();
  for (const layer of layers) app.use(layer);
  app.get("/", async (request, response) => {
    (await request.session).set("alias", "GoTamer");
    response.send("ok");
  });
  const onError: express.ErrorRequestHandler = (error, _request, response, _next) => {
    response.send(String(error.message));
  };
  app.use(onError);
  const { origin, close } = await listening(createServer(app));
  afterTest(close);
  const answer = await send(origin);
  return `${answer.body} ${answer.cookies.length}`;
}

describe("a layer", () => {
  test("that is mounted twice is one", async () => {
    const layer = expressSession(sessions);
    expect(await bodyOf(layer, layer)).toBe("ok 1");
  });

  test("refuses a property that another layer has, and says how to have both", async () => {
    const body = await bodyOf(expressSession(sessions), session(sessions));
    expect(body).toContain("the request has a property session already");
    expect(body).toContain('session(sessions, { name: "…" })');
  });

  test("can put its session under another property than the cookie's name", async () => {
    const both = [session(sessions, { name: "shop", property: "session" })];
    expect(await bodyOf(...both)).toBe("ok 1");
  });
});
