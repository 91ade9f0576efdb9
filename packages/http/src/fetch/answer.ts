import type { AnySession } from "@sess/core";
import { addSessionHeaders } from "../answer/answer-headers.ts";
import { FetchIncoming } from "../request/incoming.ts";
import type { Layer } from "../visit/layer.ts";
import { LazySession } from "../visit/lazy-session.ts";
import { Visit } from "../visit/visit.ts";

/** Below are the answer that switches to another protocol and `Response.error()`, which have no copies. */
const FIRST_FINAL_STATUS = 200;

/** The session of a request of the fetch standard. */
export function lazySession<S extends AnySession>(
  layer: Layer<S>,
  { method, headers }: Request,
): LazySession<S> {
  return new LazySession<S>(layer, () => new Visit(layer, new FetchIncoming(method, headers)));
}

/** The visit that this response must wait for; undefined if nobody has asked for the session. */
export function visitBehind<S extends AnySession>(
  lazy: LazySession<S>,
  response: Response,
): Visit<S> | undefined {
  return response.status < FIRST_FINAL_STATUS ? undefined : LazySession.visitOf(lazy);
}

/** @throws as `Session.save()` does; then the response is not to be sent. */
export async function saveBefore(visit: Visit<AnySession>, response: Response): Promise<void> {
  try {
    await visit.save(response.status);
  } catch (error) {
    // Whatever its body comes from need not go on. A body that someone reads already cannot be stopped.
    await response.body?.cancel().catch(() => {});
    throw error;
  }
}

/** A copy: the response may be immutable, or the same one for all visitors. */
export function withSession(visit: Visit<AnySession>, response: Response): Response {
  const copy = new Response(response.body, response);
  addSessionHeaders(copy.headers, visit.takeCookies());
  return copy;
}
