import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Session, SessionManager } from "@sess/core";
import { FaultyStore } from "@sess/core/conformance";
import { type HttpOptions, session } from "@sess/http";
import { afterTest, SpyStore } from "@sess/test-support";
import { listening } from "./bindings.ts";
import { type Received, type Sent, send } from "./client.ts";

export type WithSession = IncomingMessage & { readonly session: PromiseLike<Session> };

export interface NodeServer {
  readonly faults: FaultyStore<SpyStore>;
  readonly sessions: SessionManager;
  readonly origin: string;
  /** What the listener has failed with, and the saves that failed. */
  readonly errors: unknown[];
  send(sent?: Sent): Promise<Received>;
}

/** A server of `node:http` whose errors are noted and answered with 500. */
export async function nodeServer(
  listener: (request: WithSession, response: ServerResponse) => unknown,
  options?: HttpOptions,
): Promise<NodeServer> {
  const faults = new FaultyStore(new SpyStore());
  const sessions = new SessionManager({ store: faults, sweepInterval: 0 });
  const visit = session(sessions, options);
  const errors: unknown[] = [];
  const server = createServer((request, response) => {
    const fail = (error: unknown) => {
      errors.push(error);
      response.statusCode = 500;
      response.end("failed");
    };
    visit(request, response, (error) => {
      if (error !== undefined) return fail(error);
      if (!hasSession(request)) throw new Error("There is no session.");
      void (async () => listener(request, response))().catch(fail);
    });
  });
  const { origin, close } = await listening(server);
  afterTest(async () => {
    await faults.heal();
    await close();
  });
  return { faults, sessions, origin, errors, send: (sent) => send(origin, sent) };
}

function hasSession(request: IncomingMessage): request is WithSession {
  return "session" in request;
}
