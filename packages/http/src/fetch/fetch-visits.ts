import { type AnySession, SessionError } from "@sess/core";
import { VisitError } from "../answer/visit-error.ts";
import type { Layer } from "../visit/layer.ts";
import type { LazySession } from "../visit/lazy-session.ts";
import { lazySession, saveBefore, visitBehind, withSession } from "./answer.ts";

/** The sessions of requests of the fetch standard. */
export class FetchVisits<S extends AnySession> {
  readonly #layer: Layer<S>;
  readonly #sessions = new WeakMap<Request, LazySession<S>>();

  constructor(layer: Layer<S>) {
    this.#layer = layer;
  }

  /** Runs `handler`, and saves the session before its response goes on. A response may also be thrown. */
  async fetch<Req extends Request>(
    request: Req,
    handler: (request: Req, session: LazySession<S>) => Response | Promise<Response>,
  ): Promise<Response> {
    const outer = this.#sessions.get(request);
    if (outer !== undefined) return handler(request, outer);
    const lazy = lazySession(this.#layer, request);
    this.#sessions.set(request, lazy);
    if (this.#layer.settings.eager) await lazy;
    const outcome = await outcomeOf(() => handler(request, lazy));
    const response = await finish(lazy, outcome.response);
    if (outcome.isThrown) throw response;
    return response;
  }

  /** @throws NOT_SUPPORTED if the request has not come through `fetch`. */
  of(request: Request): LazySession<S> {
    const lazy = this.#sessions.get(request);
    if (lazy !== undefined) return lazy;
    throw new SessionError(
      "NOT_SUPPORTED",
      "This Request did not come through visit.fetch(). Frameworks that make new ones need the session in their context or locals: visit.fetch(request, (request, session) => …).",
    );
  }
}

interface HandlerOutcome {
  readonly response: Response;
  readonly isThrown: boolean;
}

/** @throws what the handler throws, unless it is a response: frameworks redirect by throwing one. */
async function outcomeOf(handler: () => Response | Promise<Response>): Promise<HandlerOutcome> {
  try {
    return { response: await handler(), isThrown: false };
  } catch (thrown) {
    if (thrown instanceof Response) return { response: thrown, isThrown: true };
    throw thrown;
  }
}

/** @throws the error of the save, whose response has what the client must learn all the same. */
async function finish<S extends AnySession>(
  lazy: LazySession<S>,
  response: Response,
): Promise<Response> {
  const visit = visitBehind(lazy, response);
  if (visit === undefined) return response;
  try {
    await saveBefore(visit, response);
  } catch (error) {
    throw VisitError.from(error, visit.takeCookies());
  }
  return withSession(visit, response);
}
