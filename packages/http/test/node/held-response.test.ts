import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { rejection } from "@sess/test-support";
import { nodeServer, type WithSession } from "../support/node-server.ts";

const CHANGED = /^__Host-Http-session=/;

/** The code of an error. Node's own errors come from another realm under jest, so instanceof fails. */
function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : error;
}

async function change(request: WithSession): Promise<void> {
  (await request.session).set("alias", "GoTamer");
}

describe("a response", () => {
  test("is left as it is until the session is awaited", async () => {
    let own: readonly string[] = [];
    const server = await nodeServer((_request, response) => {
      own = ["writeHead", "write", "end", "flushHeaders"].filter((name) =>
        Object.hasOwn(response, name),
      );
      response.end("ok");
    });
    expect((await server.send()).body).toBe("ok");
    expect(own).toEqual([]);
  });

  test("calls back when it has ended, and end() returns it", async () => {
    const returned: unknown[] = [];
    const called: string[] = [];
    const server = await nodeServer(async (request, response) => {
      await change(request);
      response.write("Hello, ", () => called.push("written"));
      returned.push(response.end("world.", () => called.push("ended")) === response);
    });
    expect(await server.send()).toMatchObject({
      body: "Hello, world.",
      cookies: [expect.stringMatching(CHANGED)],
    });
    expect({ returned, called }).toEqual({ returned: [true], called: ["written", "ended"] });
  });

  test("says false to a write while it waits, and drains afterwards", async () => {
    const events: unknown[] = [];
    const server = await nodeServer(async (request, response) => {
      await change(request);
      events.push(response.write("Hello, "));
      await once(response, "drain");
      events.push("drain", response.write("world."));
      response.end();
    });
    expect((await server.send()).body).toBe("Hello, world.");
    expect(events).toEqual([false, "drain", true]);
  });

  test("looks sent and ended while it waits, and refuses headers as if it were", async () => {
    const seen: unknown[] = [];
    const server = await nodeServer(async (request, response) => {
      await change(request);
      seen.push(response.headersSent, response.writableEnded);
      response.write("Hello");
      seen.push(response.headersSent, response.writableEnded);
      for (const late of [
        () => response.setHeader("X-Late", "1"),
        () => response.removeHeader("Date"),
        () => response.appendHeader("X-Late", "1"),
        () => response.writeHead(200),
      ]) {
        const error = await rejection(late);
        seen.push(codeOf(error));
      }
      response.end();
      seen.push(response.writableEnded);
    });
    expect((await server.send()).body).toBe("Hello");
    const late = "ERR_HTTP_HEADERS_SENT";
    expect(seen).toEqual([false, false, true, false, late, late, late, late, true]);
    expect(server.errors).toEqual([]);
  });

  test.each([
    ["an object", { "X-A": "1", "Set-Cookie": ["a=1", "b=2"] }],
    ["a list", ["X-A", "1", "Set-Cookie", "a=1", "Set-Cookie", "b=2"]],
  ])("takes the headers of writeHead as %s, and adds its own", async (_, headers) => {
    const server = await nodeServer(async (request, response) => {
      await change(request);
      response.setHeader("X-A", "0");
      response.writeHead(201, "Made", headers).end("ok");
    });
    expect(await server.send()).toMatchObject({
      status: 201,
      headers: { "x-a": "1" },
      cookies: ["a=1", "b=2", expect.stringMatching(CHANGED)],
    });
  });

  test("throws at once what writeHead throws", async () => {
    const codes: unknown[] = [];
    const server = await nodeServer(async (request, response) => {
      await change(request);
      for (const wrong of [
        () => response.writeHead(20),
        () => response.writeHead(200, { "X-A": "a\nb" }),
        () => response.writeHead(200, { "X A": "1" }),
      ]) {
        const error = await rejection(wrong);
        codes.push(codeOf(error));
      }
      response.end("ok");
    });
    expect((await server.send()).cookies).toHaveLength(1);
    expect(codes).toEqual([
      "ERR_HTTP_INVALID_STATUS_CODE",
      "ERR_INVALID_CHAR",
      "ERR_INVALID_HTTP_TOKEN",
    ]);
  });

  test("whose body is refused is the error handler's", async () => {
    const server = await nodeServer(async (request, response) => {
      await change(request);
      // An object is no body; node:http throws, and nobody is there any more to catch it.
      Reflect.apply(response.end, response, [{}]);
    });
    expect(await server.send()).toMatchObject({ status: 500, body: "failed" });
    expect(server.errors).toEqual([expect.objectContaining({ code: "ERR_INVALID_ARG_TYPE" })]);
  });

  test("of events begins when the headers are flushed, and goes on", async () => {
    const server = await nodeServer(async (request, response) => {
      await change(request);
      response.setHeader("Content-Type", "text/event-stream");
      response.flushHeaders();
      response.write("data: 1\n\n");
      setImmediate(() => response.end("data: 2\n\n"));
    });
    expect(await server.send()).toMatchObject({
      body: "data: 1\n\ndata: 2\n\n",
      cookies: [expect.stringMatching(CHANGED)],
    });
  });

  test("that is written to after its save failed keeps to the error's answer", async () => {
    const callbacks: unknown[] = [];
    let response: ServerResponse | undefined;
    const server = await nodeServer(async (request, held) => {
      response = held;
      await change(request);
      held.write("secret", (error) => callbacks.push(error?.message));
    });
    server.faults.inject({ method: "save", effect: "reject-before", persistent: true });
    const answer = await server.send();
    response?.write("late");
    response?.end("later");
    expect(answer).toMatchObject({ status: 500, body: "failed", cookies: [] });
    expect(callbacks).toEqual([expect.stringContaining("The store failed to save")]);
  });

  test("comes in its turn on a connection that several are asked for at once", async () => {
    const server = await nodeServer(async (request, response) => {
      if (request.url !== "/1") await change(request);
      response.end(`<${request.url}>`);
    });
    const hanging = server.faults.inject({ method: "save", effect: "hang-before" });
    const socket = connect(Number(new URL(server.origin).port), "127.0.0.1");
    const text = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    socket.write(text("/0") + text("/1") + text("/2"));
    let received = "";
    socket.on("data", (data) => {
      received += data;
    });
    await hanging.firstHit;
    await hanging.heal();
    while (!received.includes("</2>")) await once(socket, "data");
    socket.destroy();
    expect(received.match(/<\/\d>/g)).toEqual(["</0>", "</1>", "</2>"]);
    expect(received.match(/__Host-Http-session=/g)).toHaveLength(2);
  });
});
