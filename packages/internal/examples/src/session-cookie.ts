import type { IncomingMessage, ServerResponse } from "node:http";
import { parseCookie, stringifySetCookie } from "cookie";

/**
 * A browser takes a `__Host-` cookie only with Secure, Path=/ and no Domain, so that no other host of
 * the same domain can plant one.
 */
const NAME = "__Host-session";

// No Max-Age: it goes with the browser, and how long the session lives is for the server to say.
const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: "lax", path: "/" } as const;

/** The id that the client sent. Two cookies of the name count as none: one of them was planted. */
export function readSessionId(request: IncomingMessage): string | undefined {
  const header = request.headers.cookie ?? "";
  const isTwice = header.indexOf(NAME) !== header.lastIndexOf(NAME);
  return isTwice ? undefined : parseCookie(header)[NAME];
}

/** Hands the client its session's id. */
export function sendSessionId(response: ServerResponse, id: string): void {
  response.setHeader("Set-Cookie", stringifySetCookie({ name: NAME, value: id, ...ATTRIBUTES }));
}

/** Has the client forget the id: the same name and attributes, or the browser would keep it. */
export function clearSessionId(response: ServerResponse): void {
  response.setHeader(
    "Set-Cookie",
    stringifySetCookie({ name: NAME, value: "", ...ATTRIBUTES, maxAge: 0 }),
  );
}
