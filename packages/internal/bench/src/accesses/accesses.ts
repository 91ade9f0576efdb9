import { randomBytes } from "node:crypto";
import type { RequestListener } from "node:http";
import { GET_AND_SET, type KeyedSession, PROPERTIES } from "./handling.ts";
import { type Size, type Values, valuesOf } from "./session-values.ts";

/** A day in ms: how long the sessions of every contender live. */
export const DAY = 86_400_000;

/**
 * The accesses to the sessions of one contender: what is measured. Each resolves when a server would send its reply.
 *
 * A token is what a client sends to be recognised: an id, or a Cookie header where the whole path of a request is
 * measured.
 */
export interface Accesses {
  /** Reads two keys and resolves to their fingerprint; undefined where there is no session. */
  read(token: string): Promise<number | undefined>;
  readAll(token: string): Promise<object | undefined>;
  /** Reads two keys and adds 1 to `views` in the session with this index. Resolves to the token to send from now on. */
  change(token: string, index: number): Promise<string>;
  /** Stores a new session with the values of this index, to live for `lifetime` ms or a day, and resolves to its token. */
  create(index: number, lifetime?: number): Promise<string>;
  /** A token that belongs to no session. */
  strangerToken(): string;
  close(): Promise<unknown>;
  /** Moves the expiry and nothing else. */
  readonly extend?: (token: string) => Promise<unknown>;
  /** The same request to the same framework without a session: the framework's share in the other accesses. */
  readonly bare?: (token: string) => Promise<unknown>;
  /** When a session expires, in ms since the epoch. */
  readonly expiry?: (token: string) => Promise<number>;
  /** The steps in which `expiry` moves, in ms. @default 1 */
  readonly expiryStep?: number;
  readonly sweep?: () => unknown;
  /** Answers HTTP requests to /read, /change and, without a session, /bare. */
  readonly answer?: RequestListener;
  /** The most sessions worth storing, where clients keep them. */
  readonly mostSessions?: number;
}

type Optional = Pick<Accesses, "extend" | "expiry" | "expiryStep" | "sweep">;

/** A library whose sessions the caller opens, uses and saves. */
export interface Library<Session> extends Optional {
  open(id: string): Promise<Session>;
  /** By default with the lifetime that the library has by default, about a day. */
  create(lifetime?: number): Session;
  /** Ends an access, whether it has changed something or not. */
  save(session: Session): Promise<unknown>;
  close(): Promise<unknown>;
}

/** Accesses to a library and its store, without a request around them. */
export function overLibrary<Session extends KeyedSession & { readonly id: string }>(
  { open, create, save, ...optional }: Library<Session>,
  size: Size,
): Accesses {
  const visit = async <Found>(id: string, use: (session: Session) => Found) => {
    const session = await open(id);
    const found = use(session);
    await save(session);
    return found;
  };
  return {
    ...optional,
    read: (id) => visit(id, GET_AND_SET.read),
    readAll: (id) => visit(id, GET_AND_SET.readAll),
    change: (id) =>
      visit(id, (session) => {
        GET_AND_SET.change(session);
        return id;
      }),
    create: async (index, lifetime) => {
      const session = create(lifetime);
      GET_AND_SET.fill(session, valuesOf(index, size));
      await save(session);
      return session.id;
    },
    strangerToken: newId,
  };
}

/** A store that gives and takes whole sessions as objects. */
export interface ObjectStore<Stored extends Partial<Values>> extends Optional {
  get(id: string): Promise<Stored | null | undefined>;
  /** Stores a changed session. */
  set(id: string, session: Stored): Promise<unknown>;
  /** Stores a new session. */
  add(id: string, values: Values, lifetime: number): Promise<unknown>;
  close(): Promise<unknown>;
}

/** Accesses to a store alone: get, and set after a change. */
export function overStore<Stored extends Partial<Values>>(
  { get, set, add, ...optional }: ObjectStore<Stored>,
  size: Size,
): Accesses {
  return {
    ...optional,
    read: async (id) => {
      const session = await get(id);
      return session ? PROPERTIES.read(session) : undefined;
    },
    readAll: async (id) => {
      const session = await get(id);
      return session ? PROPERTIES.readAll(session) : undefined;
    },
    change: async (id) => {
      const session = await get(id);
      if (session) {
        PROPERTIES.change(session);
        await set(id, session);
      }
      return id;
    },
    create: async (index, lifetime = DAY) => {
      const id = newId();
      await add(id, valuesOf(index, size), lifetime);
      return id;
    },
    strangerToken: newId,
  };
}

/** An id as @sess makes them: 32 random bytes in base64url. */
export function newId(): string {
  return randomBytes(32).toString("base64url");
}
