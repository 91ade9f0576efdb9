import type { Store, Stored } from "express-session";
import type { Sessions } from "./contender.ts";
import { DAY } from "./exchange.ts";
import { type Entry, filled, newId } from "./filling.ts";
import { type Size, seen, Template, type Values, valuesOf } from "./session-values.ts";

/** A store for express-session, and how to fill it. */
export interface Shelf {
  readonly store: Store;
  /** Stores texts as they would be if each had been saved. */
  put(entries: readonly Entry[], lifetime?: number): unknown;
  /** Where the store wants more in a session than express-session puts there. */
  readonly extra?: object;
  /** Where the store keeps it elsewhere than in the session's cookie. */
  expiry?(id: string): Promise<number>;
  sweep?(): unknown;
  close?(): Promise<void>;
}

/** A store for express-session alone, called as express-session calls it. */
export class ExpressSessions implements Sessions {
  readonly #shelf: Shelf;
  readonly #size: Size;

  constructor(shelf: Shelf, size: Size) {
    this.#shelf = shelf;
    this.#size = size;
  }

  fill(count: number, lifetime = DAY): AsyncGenerator<string> {
    const template = templateOf(this.#shelf, this.#size);
    return filled(count, template, (entries) => this.#shelf.put(entries, lifetime));
  }

  stranger(): string {
    return newId();
  }

  async read(id: string): Promise<number | undefined> {
    const session = await this.#get(id);
    return session ? seen(session) : undefined;
  }

  async change(id: string): Promise<string> {
    const session = await this.#get(id);
    if (session && seen(session) > 0) {
      session.views += 1;
      await this.#set(id, session);
    }
    return id;
  }

  async create(index: number): Promise<string> {
    const id = newId();
    await this.#set(id, storedOf(index, this.#size));
    return id;
  }

  async extend(id: string): Promise<void> {
    const session = await this.#get(id);
    if (!session) return;
    session.cookie.expires = new Date(Date.now() + DAY);
    const { store } = this.#shelf;
    await new Promise<void>((resolve, reject) => {
      store.touch(id, session, (error) => (error ? reject(error) : resolve()));
    });
  }

  async readAll(id: string): Promise<Values | undefined> {
    const session = await this.#get(id);
    return session ? valuesIn(session) : undefined;
  }

  async expiry(id: string): Promise<number> {
    if (this.#shelf.expiry) return this.#shelf.expiry(id);
    return new Date((await this.#get(id))?.cookie.expires ?? 0).getTime();
  }

  sweep(): unknown {
    return this.#shelf.sweep?.();
  }

  async close(): Promise<void> {
    await this.#shelf.close?.();
  }

  #get(id: string): Promise<Stored | null | undefined> {
    const { store } = this.#shelf;
    return new Promise((resolve, reject) => {
      store.get(id, (error, session) => {
        if (error && !isMissing(error)) reject(error);
        else resolve(session);
      });
    });
  }

  #set(id: string, session: Stored): Promise<void> {
    const { store } = this.#shelf;
    return new Promise((resolve, reject) => {
      store.set(id, session, (error) => (error ? reject(error) : resolve()));
    });
  }
}

/** The text of a session as a store for express-session keeps it. */
export function templateOf({ extra }: Shelf, size: Size): Template {
  return new Template(JSON.stringify({ ...storedOf(0, size), ...extra }));
}

/** A session's own values, without what express-session and its stores add. */
export function valuesIn(session: Values): Values {
  const { user, views, csrf, roles, locale, theme, returnTo, signedInAt } = session;
  const { cart, preferences, recent } = session;
  return {
    user,
    views,
    csrf,
    roles,
    locale,
    theme,
    returnTo,
    signedInAt,
    cart,
    preferences,
    recent,
  };
}

function storedOf(index: number, size: Size): Stored {
  const expires = new Date(Date.now() + DAY);
  const cookie = { originalMaxAge: DAY, expires, httpOnly: true, path: "/" };
  return { cookie, ...valuesOf(index, size) };
}

/** A store that reports a missing session as an error, each in its own way. */
function isMissing(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === "ENOENT" || error.code === "LEVEL_NOT_FOUND";
}
