import type { AnySession, Lookup } from "@sess/core";
import { checkOption, withMethods } from "@sess/core/adapter";
import { SessionCookie } from "../answer/session-cookie.ts";
import type { HttpOptions } from "../settings/http-options.ts";
import { type Settings, settingsOf } from "../settings/settings.ts";
import { LayerWarnings } from "./layer-warnings.ts";

/** What is used of a `SessionManager`. */
export interface Sessions<S extends AnySession> {
  create(): S;
  lookup(id: string): Promise<Lookup<S>>;
  destroy(id: string): Promise<void>;
}

const A_MANAGER = {
  ...withMethods("create", "lookup", "destroy"),
  expected: "a SessionManager of @sess/core",
};

/** One manager's sessions in one cookie: what all requests of an application share. */
export class Layer<S extends AnySession> {
  readonly sessions: Sessions<S>;
  readonly settings: Settings;
  readonly cookie: SessionCookie;
  readonly warnings: LayerWarnings;
  #idleTimeout: number | undefined;

  /** @throws INVALID_OPTION for an option that cannot be meant, or for something that is no manager. */
  constructor(sessions: Sessions<S>, options: HttpOptions = {}) {
    checkOption("session", "sessions", sessions, A_MANAGER);
    this.sessions = sessions;
    this.settings = settingsOf(options);
    this.cookie = new SessionCookie(this.settings);
    this.warnings = new LayerWarnings(this.settings);
  }

  /** Whether the session's cookie outlives the browser. */
  isPersistent(session: S): boolean {
    if (this.settings.persistent) return true;
    return session.hasOwnLifetime && session.lifetime.idleTimeout > this.#managersIdleTimeout();
  }

  /** In ms. Not asked for at start-up: some runtimes draw no random ids before the first request. */
  #managersIdleTimeout(): number {
    this.#idleTimeout ??= this.sessions.create().lifetime.idleTimeout;
    return this.#idleTimeout;
  }
}
