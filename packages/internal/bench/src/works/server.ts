import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { MemoryStore } from "@sess/store-memory";
import type { WithSession } from "express-session";
import type { Sessions } from "../contender.ts";
import { ExpressPath, expressMiddleware } from "../express-path.ts";
import type { Outcome, ServerJob, ServerName } from "../job.ts";
import { ManagerPath } from "../manager-path.ts";
import { memoryShelf } from "../memory-shelf.ts";
import { seen } from "../session-values.ts";

/** Some answer requests with a session, and some have none. */
interface Site {
  readonly sessions?: Sessions;
  readonly listener: RequestListener;
}

const SITES: Record<ServerName, () => Site> = { bare, sess, "express-session": express };

/** Starts a server whose requests use a session each, and answer with what they have read. */
export async function serve({ server: name, live }: ServerJob): Promise<Outcome> {
  const { sessions, listener } = SITES[name]();
  const cookies: string[] = [];
  if (sessions !== undefined) for await (const cookie of sessions.fill(live)) cookies.push(cookie);
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port.");
  return { port: address.port, cookies };
}

function bare(): Site {
  return { listener: (_, response) => response.end("ok") };
}

function sess(): Site {
  const path = new ManagerPath(new MemoryStore(), "0.6 KB");
  const listener: RequestListener = (request, response) => {
    path.answer({ request, reply: response }, isChange(request)).then(
      (number) => response.end(String(number)),
      () => response.writeHead(503).end(),
    );
  };
  return { sessions: path, listener };
}

function express(): Site {
  const shelf = memoryShelf();
  const middleware = expressMiddleware(shelf);
  const listener: RequestListener = (request: IncomingMessage & WithSession, response) => {
    middleware(request, response, () => {
      const { session } = request;
      const number = session?.user && seen(session);
      if (session?.user && isChange(request)) session.views += 1;
      response.end(String(number));
    });
  };
  return { sessions: new ExpressPath(shelf, "0.6 KB"), listener };
}

function isChange({ url }: IncomingMessage): boolean {
  return url === "/change";
}
