/** How a session travels in a cookie. Each option has a safe default. */
export interface HttpOptions {
  /**
   * The cookie's name, behind the strongest prefix that the other options allow: `__Host-Http-`, with
   * `domain` or `path` `__Secure-`, with `secure: false` none.
   * @default "session"
   */
  name?: string;
  /**
   * The property of the request that holds the session.
   * @default name
   */
  property?: string;
  /**
   * Also sends the cookie to the subdomains of this domain. Each of them can overwrite it.
   * @default none: only this host gets the cookie
   */
  domain?: string;
  /**
   * The path below which the browser sends the cookie.
   * @default "/"
   */
  path?: string;
  /**
   * Which requests from other sites carry the cookie. `"strict"` signs visitors out of the page that a
   * sign-in provider sends them back to; `"none"` lets other sites embed the application.
   * @default "lax"
   */
  sameSite?: "lax" | "strict" | "none";
  /**
   * Whether browsers keep the cookie over TLS alone. Most make an exception for http://localhost; Safari
   * does not.
   * @default true
   */
  secure?: boolean;
  /**
   * Gives each site that embeds the application a cookie of its own (CHIPS).
   * @default false
   */
  partitioned?: boolean;
  /**
   * Whether every cookie outlives the browser. Without it, those of sessions do whose own idle timeout is
   * longer than the manager's ("remember me").
   * @default false
   */
  persistent?: boolean;
  /**
   * Origins besides the application's own whose requests may change something, such as
   * `https://app.example`.
   * @default none
   */
  trustedOrigins?: readonly string[];
  /**
   * Checks the origin and loads the session of every request before the handlers run, so that errors go
   * to the framework. That counts as use.
   * @default false; true under Express 4, where a rejected handler would end the process
   */
  eager?: boolean;
}
