import { type AnySession, SessionError } from "@sess/core";
import { VisitError } from "../answer/visit-error.ts";
import type { Incoming } from "../request/incoming.ts";
import { isForeign } from "../request/origin-check.ts";
import type { Layer, Sessions } from "./layer.ts";

/** Whom the cookies of a request name, and the session to go on with. */
export interface Visitor<S extends AnySession> {
  readonly session: S;
  /** The id that came; undefined without one, and if several came: then none counts. */
  readonly id: string | undefined;
  readonly hasSeveralIds: boolean;
  /** "moved": the session has just got a new id, which this request does not know yet. */
  readonly status: "live" | "moved" | "unknown";
}

/** @throws CROSS_ORIGIN; otherwise as `SessionManager.load` does. */
export async function visitorOf<S extends AnySession>(
  { sessions, cookie, settings }: Layer<S>,
  request: Incoming,
): Promise<Visitor<S>> {
  if (isForeign(request, settings.trustedOrigins)) throw VisitError.from(crossOrigin());
  try {
    return await visitorWith(sessions, cookie.idsIn(request.header("cookie")));
  } catch (error) {
    throw VisitError.from(error);
  }
}

/** An id that is not known any more gets a new session: it is neither adopted nor expired. */
async function visitorWith<S extends AnySession>(
  sessions: Sessions<S>,
  ids: readonly string[],
): Promise<Visitor<S>> {
  const [id] = ids;
  const hasSeveralIds = ids.length > 1;
  if (id === undefined || hasSeveralIds) {
    return { session: sessions.create(), id: undefined, hasSeveralIds, status: "unknown" };
  }
  const found = await sessions.lookup(id);
  const session = found.status === "live" ? found.session : sessions.create();
  return { session, id, hasSeveralIds, status: found.status };
}

function crossOrigin(): SessionError {
  return new SessionError(
    "CROSS_ORIGIN",
    "The request comes from another site. If that is meant, add its origin to trustedOrigins.",
  );
}
