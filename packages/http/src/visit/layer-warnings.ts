import type { Incoming } from "../request/incoming.ts";
import type { Settings } from "../settings/settings.ts";

/** Hosts that browsers treat as secure over plain HTTP, too. */
const LOCAL_ORIGIN = /^http:\/\/([^/]+\.)?(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i;

/** What a layer tells its operator about, once each. */
export class LayerWarnings {
  readonly #settings: Settings;
  readonly #given = new Set<string>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /**
   * A request that gets the cookie. That it came over plain HTTP can be told by a browser's `Origin`
   * alone: behind a proxy every request looks so.
   */
  cookieIsSet(request: Incoming): void {
    const origin = request.header("origin");
    if (!this.#settings.secure || origin?.startsWith("http:") !== true) return;
    if (LOCAL_ORIGIN.test(origin)) return;
    this.#warn(
      "SESS_INSECURE",
      `session: a page under http:// (plain HTTP) gets the cookie ${this.#settings.cookieName}, which browsers keep over TLS alone. Serve it under https://, or pass secure: false where that is impossible.`,
    );
  }

  /** A session that was changed when its answer had begun, and was not saved. */
  changeIsLost(): void {
    this.#warn(
      "SESS_UNSAVED",
      `session: ${this.#settings.property} was changed after the answer had begun, and not saved. Change it before, or call save() yourself; await regenerate() and destroy().`,
    );
  }

  #warn(code: string, message: string): void {
    if (this.#given.has(code)) return;
    this.#given.add(code);
    process.emitWarning(message, { type: "SessWarning", code });
  }
}
