import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Session, SessionManager } from "@sess/core";
import { clearSessionId, readSessionId, sendSessionId } from "./session-cookie.ts";

const LONGEST_FORM = 1_000;

/** What a visitor's session holds. */
export interface Visit {
  views: number;
  name: string;
}

/** A page under `node:http` that counts the views of each visitor. */
export function createCounter(sessions: SessionManager<Visit>): Server {
  return createServer((request, response) => {
    // An answer that depends on a session is for one visitor: no cache may keep it.
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("Vary", "Cookie");
    answer(sessions, request, response).catch((error: unknown) => {
      console.error(error);
      // Fail closed: when the store is down, nobody passes for an anonymous visitor.
      end(response, 503, "Try again later.");
    });
  });
}

/** Saves the session before anything is sent, so that the next request finds it. */
async function answer(
  sessions: SessionManager<Visit>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const id = readSessionId(request);
  if (isForeign(request)) return end(response, 403, "Not from another site.");
  switch (`${request.method} ${request.url}`) {
    case "GET /":
      return greet(response, await count(sessions, id), id);
    case "POST /sign-in":
      return greet(response, await signIn(sessions, id, await nameIn(request)), id);
    case "POST /sign-out":
      await sessions.destroy(id);
      clearSessionId(response);
      return end(response, 200, "Signed out.");
    default:
      return end(response, 404, "Not here.");
  }
}

/** A transaction, so that parallel requests count one each. */
async function count(sessions: SessionManager<Visit>, id: string | undefined) {
  return (await sessions.update(id, addView)) ?? (await begin(sessions));
}

async function begin(sessions: SessionManager<Visit>) {
  const session = sessions.create();
  addView(session);
  await session.save();
  return session;
}

/** For a user whose password has been checked. The new id makes a planted one worthless. */
async function signIn(sessions: SessionManager<Visit>, id: string | undefined, name: string) {
  const session = await sessions.open(id);
  // Another user's session: this user must not get its values.
  if (session.owner !== undefined && session.owner !== name) session.clear();
  session.owner = name;
  session.set("name", name);
  await session.regenerate({ restart: true });
  await session.save();
  return session;
}

function addView(session: Session<Visit>): void {
  session.set("views", (session.get("views") ?? 0) + 1);
}

function greet(response: ServerResponse, session: Session<Visit>, id: string | undefined): void {
  if (session.id !== id) sendSessionId(response, session.id);
  const name = session.get("name") ?? "stranger";
  end(response, 200, `Hello ${name}, ${session.get("views") ?? 0} views.`);
}

function end(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${message}\n`);
}

/**
 * Whether a request that changes something comes from another origin (CSRF). All current browsers send
 * `Sec-Fetch-Site`; `SameSite` alone lets through other hosts of the same site.
 */
function isForeign({ method, headers }: IncomingMessage): boolean {
  const origin = headers["sec-fetch-site"] ?? "same-origin";
  return method !== "GET" && origin !== "same-origin";
}

async function nameIn(request: IncomingMessage): Promise<string> {
  let form = "";
  for await (const text of request.setEncoding("utf8")) {
    form += text;
    if (form.length > LONGEST_FORM) throw new Error("The form is too long.");
  }
  return new URLSearchParams(form).get("name") || "nobody";
}
