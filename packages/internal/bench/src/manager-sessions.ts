import { hash } from "node:crypto";
import { type Session, SessionManager, type Store } from "@sess/core";
import { MemoryStore } from "@sess/store-memory";
import type { Sessions } from "./contender.ts";
import { DAY } from "./exchange.ts";
import { type Entry, filled, newId } from "./filling.ts";
import { type Size, seen, Template, type Values, valuesOf } from "./session-values.ts";

/** @sess over a store: the manager and the store, without a request around them. */
export class ManagerSessions implements Sessions {
  readonly manager: SessionManager<Values>;
  /** The same, but each access extends its session, whenever that was done last. */
  readonly extending: SessionManager<Values>;
  readonly #store: Store;
  readonly #size: Size;
  readonly #closeEngine: () => Promise<void>;

  /** `closeEngine` closes what the store leaves open. */
  constructor(store: Store, size: Size, closeEngine = async () => {}) {
    this.#closeEngine = closeEngine;
    this.#store = store;
    this.#size = size;
    this.manager = new SessionManager({ store, sweepInterval: 0 });
    this.extending = new SessionManager({ store, sweepInterval: 0, touchAfter: 0 });
  }

  async *fill(count: number, lifetime = DAY): AsyncGenerator<string> {
    const { template, createdAt } = await encoded(this.#size);
    const expiresAt = createdAt + lifetime;
    const put = (entries: readonly Entry[]) =>
      Promise.all(
        entries.map(([id, data]) =>
          this.#store.save(handleOf(id), { revision: 1, createdAt, expiresAt, data }),
        ),
      );
    yield* filled(count, template, put);
  }

  stranger(): string {
    return newId();
  }

  async read(id: string): Promise<number | undefined> {
    const session = await this.manager.open(id);
    const number = seenIn(session);
    await session.save();
    return number;
  }

  async change(id: string): Promise<string> {
    const session = await this.manager.open(id);
    addView(session);
    await session.save();
    return session.id;
  }

  async create(index: number): Promise<string> {
    const session = this.manager.create();
    setAll(session, valuesOf(index, this.#size));
    await session.save();
    return session.id;
  }

  async extend(id: string): Promise<void> {
    await (await this.extending.open(id)).save();
  }

  async readAll(id: string): Promise<Values | undefined> {
    const session = await this.manager.open(id);
    const values = valuesIn(session);
    await session.save();
    return values;
  }

  async expiry(id: string): Promise<number> {
    return (await this.manager.open(id)).expiresAt.getTime();
  }

  sweep(): Promise<number> {
    return this.manager.sweep();
  }

  async close(): Promise<void> {
    await this.manager.close();
    await this.#closeEngine();
  }
}

/** The end of a reading access. */
export function seenIn(session: Session<Values>): number | undefined {
  const user = session.get("user");
  const views = session.get("views");
  return user && views !== undefined ? seen({ user, views }) : undefined;
}

/** Adds 1 to `views`, and returns what was seen before. */
export function addView(session: Session<Values>): number | undefined {
  const number = seenIn(session);
  if (number !== undefined) session.set("views", (session.get("views") ?? 0) + 1);
  return number;
}

export function setAll(session: Session<Values>, values: Values): void {
  session.set("user", values.user);
  session.set("views", values.views);
  session.set("csrf", values.csrf);
  session.set("roles", values.roles);
  session.set("locale", values.locale);
  session.set("theme", values.theme);
  session.set("returnTo", values.returnTo);
  session.set("signedInAt", values.signedInAt);
  session.set("cart", values.cart);
  session.set("preferences", values.preferences);
  session.set("recent", values.recent);
}

export function valuesIn(session: Session<Values>): Values | undefined {
  const [user, views, csrf] = [session.get("user"), session.get("views"), session.get("csrf")];
  const [roles, locale, theme] = [
    session.get("roles"),
    session.get("locale"),
    session.get("theme"),
  ];
  const [returnTo, signedInAt] = [session.get("returnTo"), session.get("signedInAt")];
  const [cart, preferences] = [session.get("cart"), session.get("preferences")];
  const recent = session.get("recent");
  if (!user || views === undefined || csrf === undefined || !roles || !cart) return undefined;
  if (locale === undefined || theme === undefined || returnTo === undefined) return undefined;
  if (signedInAt === undefined || !preferences || !recent) return undefined;
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

/** What a store sees of an id. */
function handleOf(id: string): string {
  return `~${hash("sha256", id, "base64url")}`;
}

/** A record's data as the manager writes it. */
async function encoded(size: Size): Promise<{ template: Template; createdAt: number }> {
  const store = new MemoryStore();
  const manager = new SessionManager<Values>({ store, sweepInterval: 0 });
  const session = manager.create();
  setAll(session, valuesOf(0, size));
  await session.save();
  const record = await store.load(session.handle);
  return { template: new Template(record?.data ?? ""), createdAt: Date.now() };
}
