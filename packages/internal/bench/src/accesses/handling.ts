import { fingerprint, KEYS, type Values } from "./session-values.ts";

/** How an access works on the session objects of a library. An empty object stands for no session. */
export interface Handling<Session> {
  /** Reads two keys and makes a fingerprint of them; undefined where there is no session. */
  read(session: Session): number | undefined;
  /** Reads the same two keys and adds 1 to `views`. */
  change(session: Session): void;
  /** Sets all keys. */
  fill(session: Session, values: Values): void;
  /** Reads all keys; undefined where there is no session. */
  readAll(session: Session): object | undefined;
}

/** Sessions that are objects with the values as their properties. */
export const PROPERTIES: Handling<Partial<Values>> = {
  read: ({ user, views }) => (user && views ? fingerprint({ user, views }) : undefined),
  change(session) {
    const { user, views } = session;
    if (user && views) session.views = views + 1;
  },
  fill(session, values) {
    Object.assign(session, values);
  },
  readAll(session) {
    if (session.user === undefined) return undefined;
    const all: Record<string, unknown> = {};
    for (const key of KEYS) all[key] = session[key];
    return all;
  },
};

/** A session with `get` and `set`. */
export interface KeyedSession {
  get(key: keyof Values): unknown;
  set(key: keyof Values, value: unknown): void;
}

/** For sessions with `get` and `set`. */
export const GET_AND_SET: Handling<KeyedSession> = {
  read(session) {
    const [user, views] = [session.get("user"), session.get("views")];
    return isUser(user) && typeof views === "number" ? fingerprint({ user, views }) : undefined;
  },
  change(session) {
    const [user, views] = [session.get("user"), session.get("views")];
    if (isUser(user) && typeof views === "number") session.set("views", views + 1);
  },
  fill(session, values) {
    for (const key of KEYS) session.set(key, values[key]);
  },
  readAll(session) {
    if (session.get("user") === undefined) return undefined;
    const all: Record<string, unknown> = {};
    for (const key of KEYS) all[key] = session.get(key);
    return all;
  },
};

function isUser(value: unknown): value is Pick<Values["user"], "id"> {
  return typeof value === "object" && value !== null && "id" in value;
}
