import { once } from "node:events";
import { createServer } from "node:http";
import { describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { session } from "@sess/http";
import { afterTest, SpyStore } from "@sess/test-support";
import { WebSocket, WebSocketServer } from "ws";
import { listening } from "./support/bindings.ts";

/** A server whose sockets answer each message with what the session holds by then. */
async function world() {
  const sessions = new SessionManager({ store: new SpyStore(), sweepInterval: 0 });
  const visit = session(sessions);
  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer();
  server.on("upgrade", async (request, socket, head) => {
    const mine = await visit.load(request.headers).catch(() => undefined);
    if (mine === undefined) {
      socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on("message", async () => {
        try {
          await mine.reload();
          client.send(String(mine.get("alias")));
        } catch {
          client.close(4401);
        }
      });
    });
  });
  const { origin, close } = await listening(server);
  afterTest(close);
  const seeded = sessions.create();
  seeded.set("alias", "GoTamer");
  await seeded.save();
  return { sessions, seeded, cookie: visit.cookie(seeded), url: origin.replace("http", "ws") };
}

describe("a WebSocket", () => {
  test("has the session of its handshake, until that is ended", async () => {
    const { sessions, seeded, cookie, url } = await world();
    const socket = new WebSocket(url, { headers: { cookie }, origin: url.replace("ws", "http") });
    await once(socket, "open");
    socket.send("who?");
    const [message] = await once(socket, "message");
    expect(String(message)).toBe("GoTamer");
    await sessions.revoke(seeded.handle);
    socket.send("who?");
    const [code] = await once(socket, "close");
    expect(code).toBe(4401);
  });

  test("is refused to a page of another site, and to a stranger", async () => {
    const { cookie, url } = await world();
    for (const options of [{ headers: { cookie }, origin: "https://evil.example" }, {}]) {
      const socket = new WebSocket(url, options);
      const [error] = await once(socket, "error").catch((reason: unknown) => [reason]);
      expect(String(error)).toContain("401");
    }
  });
});
