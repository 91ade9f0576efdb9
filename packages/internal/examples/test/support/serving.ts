import { once } from "node:events";
import type { Server } from "node:net";

/** Has the server listen on a free port of this machine, and resolves to the port. */
export async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return portOf(server);
}

export function portOf(server: { address(): unknown }): number {
  const address = Object(server.address());
  if (typeof address.port !== "number") throw new Error("it does not listen on a port");
  return address.port;
}

export function closed(server: { close(done: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => void server.close(() => resolve()));
}
