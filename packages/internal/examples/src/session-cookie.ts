import type { IncomingMessage, ServerResponse } from "node:http";
import { parseCookie, stringifySetCookie } from "cookie";

/**
 * A browser accepts a `__Host-` cookie only with Secure, Path=/ and no Domain, so no other host of the
 * domain can plant one (RFC 6265bis, 4.1.3.2).
 */
const NAME = "__Host-session";

// No Max-Age: the cookie goes with the browser. The server decides how long the session lives.
const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: "lax", path: "/" } as const;

/** The id that the client sent. Two cookies of that name count as none: one of them was planted. */
export function readSessionId(request: IncomingMessage): string | undefined {
  const header = request.headers.cookie ?? "";
  const isTwice = header.indexOf(NAME) !== header.lastIndexOf(NAME);
  return isTwice ? undefined : parseCookie(header)[NAME];
}

/** Sends the client its session's id. */
export function sendSessionId(response: ServerResponse, id: string): void {
  response.setHeader("Set-Cookie", stringifySetCookie({ name: NAME, value: id, ...ATTRIBUTES }));
}

/** Makes the client forget the id. With another name or attributes the browser would keep it. */
export function clearSessionId(response: ServerResponse): void {
  response.setHeader(
    "Set-Cookie",
    stringifySetCookie({ name: NAME, value: "", ...ATTRIBUTES, maxAge: 0 }),
  );
}
