import { parseSetCookie, type SetCookie } from "cookie";

/** The part of a browser that handles cookies. */
export class Browser {
  readonly #origin: string;
  /** The cookies that the last answer set. */
  received: SetCookie[] = [];
  cookie: SetCookie | undefined;

  constructor(origin: string) {
    this.#origin = origin;
  }

  get id(): string {
    return this.cookie?.value ?? "";
  }

  get(path = "/", headers: Record<string, string> = {}): Promise<Response> {
    return this.#fetch(path, { headers });
  }

  post(path: string, body = "", headers: Record<string, string> = {}): Promise<Response> {
    return this.#fetch(path, { method: "POST", body, headers });
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const sent = this.cookie ? { cookie: `${this.cookie.name}=${this.cookie.value}` } : {};
    const headers = { ...sent, ...init.headers };
    const response = await fetch(this.#origin + path, { ...init, headers });
    this.received = response.headers.getSetCookie().map((each) => parseSetCookie(each));
    for (const cookie of this.received) this.#keep(cookie);
    return response;
  }

  /** A cookie replaces one of the same name, domain and path; Max-Age 0 removes it. */
  #keep(cookie: SetCookie): void {
    const same = cookie.name === this.cookie?.name && cookie.path === this.cookie?.path;
    if (cookie.maxAge === 0) this.cookie = same ? undefined : this.cookie;
    else this.cookie = cookie;
  }
}
