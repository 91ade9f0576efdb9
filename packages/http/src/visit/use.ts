import type { AnySession } from "@sess/core";
import type { Incoming } from "../request/incoming.ts";
import type { Layer } from "./layer.ts";
import type { Visitor } from "./visitor.ts";

const SECOND = 1000;

/** A session that a handler holds, and what its client knows of it. */
export class Use<S extends AnySession> {
  readonly #layer: Layer<S>;
  readonly #visitor: Visitor<S>;
  readonly #firstId: string;
  #session: S;
  /** The id that the client has, and until when its cookie says that it may use it. */
  #knownId: string | undefined;
  #knownExpiry: number;
  #hasEnded = false;
  #hasEndedMoved = false;

  constructor(layer: Layer<S>, visitor: Visitor<S>) {
    this.#layer = layer;
    this.#visitor = visitor;
    this.#session = visitor.session;
    this.#firstId = visitor.session.id;
    this.#knownId = visitor.id;
    this.#knownExpiry = visitor.session.expiresAt.getTime();
  }

  get session(): S {
    return this.#session;
  }

  /** After `destroy()` the visitor goes on as a stranger. */
  renew(): S {
    this.#hasEnded = true;
    this.#session = this.#layer.sessions.create();
    return this.#session;
  }

  get needsSave(): boolean {
    return !this.#isLeftBehind && this.#session.needsSave;
  }

  /** Whether the handler has ended a session that this request does not know the id of. */
  get mustEndMoved(): boolean {
    return this.#visitor.status === "moved" && this.#isEnded && !this.#hasEndedMoved;
  }

  /** @throws as `SessionManager.destroy` does. */
  async endMoved(): Promise<void> {
    this.#hasEndedMoved = true;
    await this.#layer.sessions.destroy(this.#visitor.id ?? "");
  }

  takeCookies(request: Incoming): readonly string[] {
    const { cookie, warnings } = this.#layer;
    const cookies = this.#visitor.hasSeveralIds ? cookie.expireAll() : [];
    if (this.#isNews) {
      warnings.cookieIsSet(request);
      cookies.push(cookie.set(this.#session.id, this.#secondsLeft));
      this.#knownId = this.#session.id;
      this.#knownExpiry = this.#session.expiresAt.getTime();
    } else if (this.#isEnded && this.#visitor.status !== "unknown") {
      cookies.push(cookie.expire());
    }
    return cookies;
  }

  /** Whether something was changed that is not saved, or has an id that the client does not get. */
  get isLost(): boolean {
    if (this.#isLeftBehind || this.#session.isDestroyed) return false;
    const isUnsaved = this.#session.needsSave && this.#session.hasUnsavedChanges;
    return isUnsaved || (!this.#session.isNew && this.#session.id !== this.#knownId);
  }

  /** Whether a session of this client was ended here. */
  get #isEnded(): boolean {
    return this.#hasEnded || this.#session.isDestroyed;
  }

  /**
   * A session that was opened because the client's has just moved to an id that another answer carries:
   * if this one were sent, it would replace that id and sign the visitor out. Once it has an id of its own
   * by `regenerate()` it is a sign-in.
   */
  get #isLeftBehind(): boolean {
    return (
      this.#visitor.status === "moved" && !this.#hasEnded && this.#session.id === this.#firstId
    );
  }

  get #isNews(): boolean {
    if (this.#session.isNew || this.#session.isDestroyed || this.#isLeftBehind) return false;
    if (this.#session.id !== this.#knownId) return true;
    const isExtended = this.#session.expiresAt.getTime() !== this.#knownExpiry;
    return isExtended && this.#layer.isPersistent(this.#session);
  }

  /** For a cookie that outlives the browser. */
  get #secondsLeft(): number | undefined {
    if (!this.#layer.isPersistent(this.#session)) return undefined;
    return Math.floor((this.#session.expiresAt.getTime() - Date.now()) / SECOND);
  }
}
