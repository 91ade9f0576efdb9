import { createServer, type Server } from "node:net";
import { createInterface } from "node:readline";
import type { SessionManager } from "@sess/core";
import { type Talk, talk } from "./talk.ts";

/** Sessions over TCP, one line at a time. */
export function createTcpServer(sessions: SessionManager<Talk>): Server {
  return createServer((socket) => {
    // A client that vanishes is not an error of the server.
    socket.on("error", () => socket.destroy());
    talk(sessions, createInterface({ input: socket }), (line) => socket.write(`${line}\n`))
      .catch((error: unknown) => console.error(error))
      .finally(() => socket.end());
  });
}
