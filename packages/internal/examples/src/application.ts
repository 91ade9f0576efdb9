import { SessionManager } from "@sess/core";
import { createCounter, type Visit } from "./counter.ts";
import { openStore } from "./store.ts";

const MINUTE = 60_000;

const sessions = new SessionManager<Visit>({
  store: await openStore(),
  idleTimeout: 30 * MINUTE,
  absoluteTimeout: 8 * 60 * MINUTE,
});

const server = createCounter(sessions);
server.listen(Number(process.env["PORT"] ?? 8080), "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object") console.log(`http://localhost:${address?.port}`);
});

// Requests that are under way are answered before the store is closed.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close(() => void sessions.close());
    server.closeIdleConnections();
  });
}
