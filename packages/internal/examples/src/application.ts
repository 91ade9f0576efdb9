import { SessionManager } from "@sess/core";
import { createCounter, type Visit } from "./counter.ts";
import { openStore } from "./store.ts";

const MINUTE = 60_000;

const { store, close } = await openStore(process.env["STORE_URL"] ?? "level:./sessions");

const sessions = new SessionManager<Visit>({
  store,
  idleTimeout: 30 * MINUTE,
  absoluteTimeout: 8 * 60 * MINUTE,
});

const server = createCounter(sessions);
server.listen(Number(process.env["PORT"] ?? 8080), "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object") console.log(`http://localhost:${address?.port}`);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    // Requests under way are answered first.
    server.close(async () => {
      await sessions.close();
      await close();
    });
    server.closeIdleConnections();
  });
}
