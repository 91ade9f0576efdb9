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

/** A session with `get` and `set`. */
export interface KeyedSession {
  get(key: keyof Values): unknown;
  set(key: keyof Values, value: unknown): void;
}

export const GET_AND_SET = handlingOf<KeyedSession>(
  (session, key) => session.get(key),
  (session, key, value) => session.set(key, value),
);

/** For sessions that are objects with the values as their properties. */
export const PROPERTIES = handlingOf<Partial<Values>>(
  (session, key) => session[key],
  (session, key, value) => {
    session[key] = value;
  },
);

function handlingOf<Session>(
  get: (session: Session, key: keyof Values) => unknown,
  set: <Key extends keyof Values>(session: Session, key: Key, value: Values[Key]) => void,
): Handling<Session> {
  const twoKeys = (session: Session) => {
    const [user, views] = [get(session, "user"), get(session, "views")];
    return isUser(user) && typeof views === "number" ? { user, views } : undefined;
  };
  return {
    read(session) {
      const found = twoKeys(session);
      return found && fingerprint(found);
    },
    change(session) {
      const found = twoKeys(session);
      if (found) set(session, "views", found.views + 1);
    },
    fill(session, values) {
      for (const key of KEYS) set(session, key, values[key]);
    },
    readAll(session) {
      if (get(session, "user") === undefined) return undefined;
      const all: Record<string, unknown> = {};
      for (const key of KEYS) all[key] = get(session, key);
      return all;
    },
  };
}

function isUser(value: unknown): value is Pick<Values["user"], "id"> {
  return typeof value === "object" && value !== null && "id" in value;
}
