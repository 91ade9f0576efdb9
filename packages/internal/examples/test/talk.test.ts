import { once } from "node:events";
import { createConnection, type Server } from "node:net";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { MemoryStore } from "@sess/store-memory";
import { WebSocket, type WebSocketServer } from "ws";
import type { Talk } from "../src/talk.ts";
import { createTcpServer } from "../src/tcp.ts";
import { createWebSocketServer } from "../src/websocket.ts";
import { closed, listen, portOf } from "./support/serving.ts";

/** A client's end of a connection. */
interface Line {
  /** Says one line and resolves to the answer. */
  ask(line: string): Promise<string>;
  /** Resolves when the server has hung up. */
  ended: Promise<unknown>;
  hangUp(): void;
}

let sessions: SessionManager<Talk>;
let tcp: Server;
let webSockets: WebSocketServer;
let callers: Record<"TCP" | "WebSocket", () => Promise<Line>>;
const open: Line[] = [];

beforeEach(async () => {
  sessions = new SessionManager<Talk>({ store: new MemoryStore() });
  tcp = createTcpServer(sessions);
  const tcpPort = await listen(tcp);
  webSockets = createWebSocketServer(sessions, 0);
  await once(webSockets, "listening");
  const port = portOf(webSockets);
  callers = { TCP: () => callTcp(tcpPort), WebSocket: () => callWebSocket(port) };
});

afterEach(async () => {
  for (const line of open.splice(0)) line.hangUp();
  await Promise.all([closed(tcp), closed(webSockets)]);
  await sessions.close();
});

async function callTcp(port: number): Promise<Line> {
  const socket = createConnection(port, "127.0.0.1");
  await once(socket, "connect");
  const answers = createInterface({ input: socket })[Symbol.asyncIterator]();
  return kept({
    async ask(line) {
      socket.write(`${line}\n`);
      return String((await answers.next()).value);
    },
    ended: once(socket, "close"),
    hangUp: () => socket.destroy(),
  });
}

async function callWebSocket(port: number): Promise<Line> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  await once(socket, "open");
  return kept({
    async ask(line) {
      const answer = once(socket, "message");
      socket.send(line);
      return String((await answer)[0]);
    },
    ended: once(socket, "close"),
    hangUp: () => socket.terminate(),
  });
}

function kept(line: Line): Line {
  open.push(line);
  return line;
}

async function begin(line: Line, id = ""): Promise<string> {
  const answer = await line.ask(id);
  expect(answer).toMatch(/^session [\w-]{43}$/);
  return answer.slice("session ".length);
}

test.each(["TCP", "WebSocket"] as const)(
  "a session outlives its connection over %s",
  async (carrier) => {
    const first = await callers[carrier]();
    const id = await begin(first);
    expect(await first.ask("hello")).toBe("1 so far");
    first.hangUp();
    await first.ended;
    const second = await callers[carrier]();
    expect(await begin(second, id)).toBe(id);
    expect(await second.ask("hello again")).toBe("2 so far");
  },
);

test.each(["TCP", "WebSocket"] as const)(
  "an id that the client made up is not adopted over %s",
  async (carrier) => {
    const made = "A".repeat(43);
    expect(await begin(await callers[carrier](), made)).not.toBe(made);
    expect(await sessions.load(made)).toBeUndefined();
  },
);

test.each(["TCP", "WebSocket"] as const)(
  "a session that is ended elsewhere ends over %s at the next line",
  async (carrier) => {
    const line = await callers[carrier]();
    await sessions.destroy(await begin(line));
    expect(await line.ask("hello?")).toBe("ended");
    await line.ended;
  },
);

test("connections of both kinds share a session and count every line", async () => {
  const id = await begin(await callers.TCP());
  const lines = await Promise.all(
    Array.from({ length: 10 }, async (_, index) => {
      const line = await callers[index % 2 === 0 ? "TCP" : "WebSocket"]();
      await begin(line, id);
      return line;
    }),
  );
  await Promise.all(lines.map((line) => line.ask("mine")));
  expect((await sessions.load(id))?.get("lines")).toBe(10);
});
