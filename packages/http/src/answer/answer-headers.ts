/** The headers of an answer that has not begun; those of the fetch standard are one of these. */
export interface AnswerHeaders {
  get(name: string): string | null;
  set(name: string, value: string): void;
  append(name: string, value: string): void;
}

/**
 * Marks an answer as made for one visitor and hands out `cookies`. Shared caches have given one visitor's
 * session to others, so an answer with the cookie is never stored, whatever the handler says.
 */
export function addSessionHeaders(headers: AnswerHeaders, cookies: readonly string[]): void {
  const vary = headers.get("Vary");
  if (vary === null) headers.set("Vary", "Cookie");
  else if (!names(vary).some((name) => name === "*" || name === "cookie")) {
    headers.set("Vary", `${vary}, Cookie`);
  }
  const isStorable = !names(headers.get("Cache-Control") ?? "").includes("no-store");
  if (headers.get("Cache-Control") === null || (cookies.length > 0 && isStorable)) {
    headers.set("Cache-Control", "no-store");
  }
  for (const cookie of cookies) headers.append("Set-Cookie", cookie);
}

function names(list: string): string[] {
  return list.split(",").map((name) => name.trim().toLowerCase());
}

/** What describes a body, besides `Content-*`. */
const DESCRIBING: ReadonlySet<string> = new Set([
  "location",
  "etag",
  "last-modified",
  "cache-control",
  "expires",
]);

/** Whether a header belongs to a prepared answer, and goes with it when that is dropped. */
export function describesBody(name: string): boolean {
  const lower = name.toLowerCase();
  if (lower.startsWith("content-security-policy")) return false;
  return lower.startsWith("content-") || DESCRIBING.has(lower);
}
