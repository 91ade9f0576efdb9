import { SessionError } from "@sess/core";
import { LazySession } from "./lazy-session.ts";

/**
 * Whether a session may be put where `present` is. Not if this layer's is there already: a layer that is
 * mounted twice is one.
 *
 * @throws INVALID_OPTION if something else is there.
 */
export function isFree(layer: object, property: string, present: unknown): boolean {
  if (present === undefined || present === null) return true;
  if (LazySession.isOf(present, layer)) return false;
  throw new SessionError(
    "INVALID_OPTION",
    `session: the request has a property ${property} already, of another layer or middleware. Give this one another name: session(sessions, { name: "…" }).`,
  );
}
