import { on } from "node:events";
import type { SessionManager } from "@sess/core";
import { type WebSocket, WebSocketServer } from "ws";
import { type Talk, talk } from "./talk.ts";

/** Sessions over WebSockets, one line per message. */
export function createWebSocketServer(sessions: SessionManager<Talk>, port: number) {
  const server = new WebSocketServer({ port, host: "127.0.0.1" });
  server.on("connection", (socket) => {
    talk(sessions, lines(socket), (line) => socket.send(line))
      .catch((error: unknown) => console.error(error))
      .finally(() => socket.close());
  });
  return server;
}

async function* lines(socket: WebSocket): AsyncGenerator<string> {
  for await (const [message] of on(socket, "message", { close: ["close"] })) yield String(message);
}
