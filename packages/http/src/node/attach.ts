import type { IncomingMessage, ServerResponse } from "node:http";
import type { AnySession } from "@sess/core";
import { NodeIncoming } from "../request/incoming.ts";
import type { Layer } from "../visit/layer.ts";
import { LazySession } from "../visit/lazy-session.ts";
import { isFree } from "../visit/session-property.ts";
import { Visit } from "../visit/visit.ts";
import { HeldResponse } from "./held-response.ts";

/** What a request passes through. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Takes the error of a save that failed when the answer was about to begin. */
  readonly fail: (error: unknown) => void;
}

/**
 * Puts the session of a request on `host`, the framework's request or context. Undefined if it is there
 * already.
 *
 * @throws INVALID_OPTION if the property is taken.
 */
export function attach<S extends AnySession>(
  layer: Layer<S>,
  host: object,
  { request, response, fail }: Exchange,
): LazySession<S> | undefined {
  const { property } = layer.settings;
  if (!takesProperties(host) || !isFree(layer, property, host[property])) return undefined;
  const lazy = new LazySession<S>(layer, () => {
    const visit = new Visit(layer, new NodeIncoming(request.method ?? "GET", request.headers));
    HeldResponse.hold(response, { visit, fail });
    return visit;
  });
  host[property] = lazy;
  return lazy;
}

/** True for all: frameworks' requests and contexts are open. */
function takesProperties(host: object): host is Record<string, unknown> {
  return Object.isExtensible(host);
}

/** As `attach`, and then goes on; where the layer is eager, once the session is loaded. */
export function attachAndGoOn<S extends AnySession>(
  layer: Layer<S>,
  host: object,
  exchange: Exchange & { readonly isEager: boolean; readonly next: (error?: unknown) => void },
): void {
  const lazy = attach(layer, host, exchange);
  if (lazy === undefined || !exchange.isEager) exchange.next();
  else lazy.then(() => exchange.next(), exchange.next);
}
