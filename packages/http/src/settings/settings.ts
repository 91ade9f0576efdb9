import { SessionError } from "@sess/core";
import {
  aBoolean,
  checkOption,
  checkOptions,
  oneOf,
  type Rule,
  type Rules,
} from "@sess/core/adapter";
import type { HttpOptions } from "./http-options.ts";

/** The options, checked, with every default in place. */
export interface Settings {
  /** As the browser knows it, prefix included. */
  readonly cookieName: string;
  readonly property: string;
  readonly domain: string | undefined;
  readonly path: string;
  readonly sameSite: "lax" | "strict" | "none";
  readonly secure: boolean;
  readonly partitioned: boolean;
  readonly persistent: boolean;
  readonly trustedOrigins: ReadonlySet<string>;
  /** Undefined leaves it to the framework's binding. */
  readonly eager: boolean | undefined;
}

const SUBJECT = "session";

/** What a cookie's name may consist of (RFC 9110, 5.6.2). */
const TOKEN = /^[\w!#$%&'*.^`|~+-]+$/;

const HOST_NAME = /^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/i;

/** What a path may not contain: it would end the attribute, or the header. */
const PATH = /^\/[^;,\s\p{Cc}]*$/u;

/** A scheme, a host and perhaps a port: what browsers send as `Origin`. */
const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[^/?#@\s]+$/;

const RULES: Rules<HttpOptions> = {
  name: matching('a cookie\'s name such as "session": letters, digits, - and _', (text) => {
    return TOKEN.test(text) && !text.startsWith("__");
  }),
  property: matching("the name of a property", (text) => text.length > 0),
  domain: matching('a host name such as "example.com"', (text) => HOST_NAME.test(text)),
  path: matching('a path that begins with "/"', (text) => PATH.test(text)),
  sameSite: oneOf("lax", "strict", "none"),
  secure: aBoolean,
  partitioned: aBoolean,
  persistent: aBoolean,
  trustedOrigins: { expected: "an array of origins", accepts: Array.isArray },
  eager: aBoolean,
};

const AN_ORIGIN = matching('an origin such as "https://app.example", without a path', isOrigin);

/** @throws INVALID_OPTION for an option that cannot be meant, or that is unsafe. */
export function settingsOf(options: HttpOptions): Settings {
  const given = checkOptions(SUBJECT, options, RULES);
  const { name = "session", sameSite = "lax", secure = true, partitioned = false } = given;
  const { property = name, domain, path = "/", trustedOrigins = [] } = given;
  for (const [index, origin] of trustedOrigins.entries()) {
    checkOption(SUBJECT, `trustedOrigins[${index}]`, origin, AN_ORIGIN);
  }
  if (!secure && sameSite === "none") throw needsSecure('sameSite: "none"');
  if (!secure && partitioned) throw needsSecure("partitioned");
  return {
    cookieName: `${prefixOf({ secure, domain, path })}${name}`,
    property,
    domain,
    path,
    sameSite,
    secure,
    partitioned,
    persistent: given.persistent ?? false,
    trustedOrigins: new Set(trustedOrigins),
    eager: given.eager,
  };
}

/**
 * Prefixes make the browser hold a cookie to its attributes, so that no subdomain, plain-HTTP page or
 * script can plant one (draft-ietf-httpbis-layered-cookies, 5.7). A browser that does not know
 * `__Host-Http-` sees `__Host-`.
 */
function prefixOf({ secure, domain, path }: Pick<Settings, "secure" | "domain" | "path">): string {
  if (!secure) return "";
  return domain === undefined && path === "/" ? "__Host-Http-" : "__Secure-";
}

function isOrigin(text: string): boolean {
  if (!ORIGIN.test(text) || !URL.canParse(text)) return false;
  // Applications on phones have schemes of their own, to which the URL standard gives no origin.
  return !text.startsWith("http") || new URL(text).origin === text;
}

function matching(expected: string, accepts: (text: string) => boolean): Rule {
  return { expected, accepts: (value) => typeof value === "string" && accepts(value) };
}

function needsSecure(option: string): SessionError {
  return new SessionError(
    "INVALID_OPTION",
    `${SUBJECT}: ${option} needs secure: browsers refuse such a cookie without it.`,
  );
}
