import type { Incoming } from "./incoming.ts";

/** They change nothing (RFC 9110, 9.2.1), so it does not matter who asks. */
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": ":80", "https:": ":443" };

/**
 * Whether another site has made the browser send this request, which would change something with the
 * visitor's session (CSRF). All current browsers send `Sec-Fetch-Site`, except that Chromium leaves it
 * out of WebSocket handshakes; a page can neither set nor remove it (OWASP, Fetch Metadata headers).
 */
export function isForeign(request: Incoming, trustedOrigins: ReadonlySet<string>): boolean {
  const isUpgrade = request.header("upgrade") !== undefined;
  if (SAFE_METHODS.has(request.method) && !isUpgrade) return false;
  const origin = request.header("origin");
  if (origin !== undefined && trustedOrigins.has(origin)) return false;
  const site = request.header("sec-fetch-site");
  if (site !== undefined) return site !== "same-origin" && site !== "none";
  // Without both it is no browser that could be misled.
  return origin !== undefined && !isOwnOrigin(request, origin);
}

function isOwnOrigin(request: Incoming, origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host } = new URL(origin);
  const defaultPort = DEFAULT_PORTS[protocol];
  return hostsOf(request).some((each) => {
    const own = each.trim().toLowerCase();
    return own === host || (defaultPort !== undefined && own === `${host}${defaultPort}`);
  });
}

/** What the client asked for, and what a proxy in between says that it asked for. */
function hostsOf(request: Incoming): string[] {
  const host = request.header("host") ?? request.header(":authority") ?? "";
  return [host, ...(request.header("x-forwarded-host") ?? "").split(",")];
}
