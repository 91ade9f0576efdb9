import { MemoryStore } from "@fastify/session";
import type { Session } from "fastify";
import type { Contender, Sessions } from "../contender.ts";
import { DAY } from "../exchange.ts";
import { newId } from "../filling.ts";
import { type Size, seen, type Values, valuesOf } from "../session-values.ts";

declare module "fastify" {
  interface Session extends Partial<Values> {}
}

export const contender: Contender = {
  title: "@fastify/session's MemoryStore",
  lacks: ["hands out the stored object itself", "no check of revisions", "ids in plain"],
  open: async ({ size }) => new FastifyStore(size),
};

class FastifyStore implements Sessions {
  readonly #store = new MemoryStore();
  readonly #size: Size;

  constructor(size: Size) {
    this.#size = size;
  }

  async *fill(count: number): AsyncGenerator<string> {
    for (let index = 0; index < count; index += 1) yield this.create(index);
  }

  stranger(): string {
    return newId();
  }

  async read(id: string): Promise<number | undefined> {
    const session = await this.#get(id);
    return session?.user && session.views
      ? seen({ user: session.user, views: session.views })
      : undefined;
  }

  async change(id: string): Promise<string> {
    const session = await this.#get(id);
    if (session?.user && session.views) {
      session.views += 1;
      await this.#set(id, session);
    }
    return id;
  }

  async create(index: number): Promise<string> {
    const id = newId();
    const cookie = { originalMaxAge: DAY, expires: new Date(Date.now() + DAY) };
    await this.#set(id, { cookie, ...valuesOf(index, this.#size) });
    return id;
  }

  async extend(id: string): Promise<void> {
    const session = await this.#get(id);
    if (!session) return;
    session.cookie.expires = new Date(Date.now() + DAY);
    await this.#set(id, session);
  }

  async readAll(id: string): Promise<Values | undefined> {
    const session = await this.#get(id);
    if (!session || !isValues(session)) return undefined;
    const { cookie, ...values } = session;
    return values;
  }

  async expiry(id: string): Promise<number> {
    return (await this.#get(id))?.cookie.expires?.getTime() ?? 0;
  }

  async close(): Promise<void> {}

  #get(id: string): Promise<Session | null | undefined> {
    return new Promise((resolve, reject) => {
      this.#store.get(id, (error, session) => (error ? reject(error) : resolve(session)));
    });
  }

  #set(id: string, session: Session): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#store.set(id, session, (error) => (error ? reject(error) : resolve()));
    });
  }
}

function isValues(session: Session): session is Session & Values {
  return session.user !== undefined && session.recent !== undefined;
}
