import type { AnySession } from "@sess/core";
import type { Incoming } from "../request/incoming.ts";
import type { Layer } from "./layer.ts";
import { Use } from "./use.ts";
import { visitorOf } from "./visitor.ts";

/** An answer with this status or a higher one says that the handler has failed. */
const FAILURE = 500;

/** One request's use of its session, from the first `await` to the end of the answer. */
export class Visit<S extends AnySession> {
  readonly #layer: Layer<S>;
  readonly #request: Incoming;
  #opening: Promise<S> | undefined;
  #use: Use<S> | undefined;
  #hasFailed = false;

  constructor(layer: Layer<S>, request: Incoming) {
    this.#layer = layer;
    this.#request = request;
  }

  /**
   * The session: the same object each time, and a new one after `destroy()`.
   *
   * @throws CROSS_ORIGIN; otherwise as `SessionManager.load` does.
   */
  open(): Promise<S> {
    const use = this.#use;
    if (use?.session.isDestroyed) this.#opening = Promise.resolve(use.renew());
    this.#opening ??= this.#load();
    return this.#opening;
  }

  /**
   * Brings into the store what must be there before an answer with this status begins. Undefined if that
   * is nothing, so that the answer need not wait.
   *
   * @throws as `Session.save()` does; from then on nothing more is saved.
   */
  save(status: number): Promise<void> | undefined {
    const use = this.#use;
    if (use === undefined || this.#hasFailed) return undefined;
    const needsSave = status < FAILURE && use.needsSave;
    return needsSave || use.mustEndMoved ? this.#saveUse(use, needsSave) : undefined;
  }

  /** What the client must learn with the answer, as `Set-Cookie` headers. It counts as sent. */
  takeCookies(): readonly string[] {
    return this.#use?.takeCookies(this.#request) ?? [];
  }

  /** The answer is out: what has been changed since and not saved is lost. */
  close(status: number): void {
    const use = this.#use;
    if (use === undefined || this.#hasFailed || status >= FAILURE) return;
    if (use.isLost) this.#layer.warnings.changeIsLost();
    if (use.mustEndMoved) {
      this.#saveUse(use, false).catch(() => this.#layer.warnings.changeIsLost());
    }
  }

  async #load(): Promise<S> {
    this.#use = new Use(this.#layer, await visitorOf(this.#layer, this.#request));
    return this.#use.session;
  }

  async #saveUse(use: Use<S>, needsSave: boolean): Promise<void> {
    try {
      if (use.mustEndMoved) await use.endMoved();
      if (needsSave) await use.session.save();
    } catch (error) {
      this.#hasFailed = true;
      throw error;
    }
  }
}
