import { type SetCookie, stringifySetCookie } from "cookie";
import { cookieValues } from "../request/cookie-header.ts";
import type { Settings } from "../settings/settings.ts";

/** Browsers keep no cookie longer (RFC 6265bis, 5.5), in seconds. */
const LONGEST_AGE = 400 * 24 * 60 * 60;

/** The attributes that a browser tells cookies of one name apart by. */
type Place = Pick<SetCookie, "domain" | "partitioned">;

/** The cookie that carries the id. */
export class SessionCookie {
  readonly #name: string;
  readonly #attributes: Omit<SetCookie, "name" | "value">;
  readonly #places: readonly Place[];

  constructor({ cookieName, domain, path, sameSite, secure, partitioned }: Settings) {
    this.#name = cookieName;
    this.#attributes = {
      path,
      httpOnly: true,
      secure,
      sameSite,
      ...(domain !== undefined && { domain }),
      ...(partitioned && { partitioned }),
    };
    this.#places = placesOf(domain, partitioned);
  }

  /** The ids in a `Cookie` header. More than one counts as none: one of them was planted, or is old. */
  idsIn(header: string | undefined): readonly string[] {
    return header === undefined ? [] : cookieValues(header, this.#name);
  }

  /** As a client sends it. */
  pair(id: string): string {
    return `${this.#name}=${id}`;
  }

  /** Gives the client its id, until the browser is closed or for `seconds`. */
  set(id: string, seconds?: number): string {
    return stringifySetCookie({
      ...this.#attributes,
      name: this.#name,
      value: id,
      ...(seconds !== undefined && { maxAge: Math.min(Math.max(seconds, 0), LONGEST_AGE) }),
    });
  }

  /** Has the client forget it. With other attributes than it was set with, the browser would keep it. */
  expire(): string {
    return this.#expireAt(this.#attributes);
  }

  /** Has the client forget every cookie of this name that other settings may have left. */
  expireAll(): string[] {
    const { domain: _domain, partitioned: _partitioned, ...common } = this.#attributes;
    return this.#places.map((place) => this.#expireAt({ ...common, ...place }));
  }

  #expireAt(attributes: Omit<SetCookie, "name" | "value">): string {
    return stringifySetCookie({ ...attributes, name: this.#name, value: "", maxAge: 0 });
  }
}

/** For this host alone and with the domain; partitioned and not. */
function placesOf(domain: string | undefined, partitioned: boolean): Place[] {
  const domains: Place[] = domain === undefined ? [{}] : [{}, { domain }];
  if (!partitioned) return domains;
  return domains.flatMap((place) => [place, { ...place, partitioned }]);
}
