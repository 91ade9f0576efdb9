import session, { type Middleware, type WithSession } from "express-session";
import type { Sessions } from "./contender.ts";
import { cookieHeader, DAY, headerAfter, Reply, Request } from "./exchange.ts";
import { type Shelf, templateOf, valuesIn } from "./express-sessions.ts";
import { filled, newId } from "./filling.ts";
import { type Size, seen, type Values, valuesOf } from "./session-values.ts";
import { SECRET, signature } from "./signature.ts";

/** express-session on the whole way of a request, over any of its stores. */
export class ExpressPath implements Sessions {
  readonly #middleware: Middleware;
  readonly #shelf: Shelf;
  readonly #size: Size;

  constructor(shelf: Shelf, size: Size) {
    this.#shelf = shelf;
    this.#size = size;
    this.#middleware = expressMiddleware(shelf);
  }

  fill(count: number): AsyncGenerator<string> {
    const template = templateOf(this.#shelf, this.#size);
    return filled(count, template, (each) => this.#shelf.put(each), signed);
  }

  stranger(): string {
    return signed(newId());
  }

  async read(cookie: string): Promise<number | undefined> {
    let number: number | undefined;
    await this.#visit(cookie, ({ session }) => {
      if (session?.user) number = seen(session);
    });
    return number;
  }

  async change(cookie: string): Promise<string> {
    const reply = await this.#visit(cookie, ({ session }) => {
      if (session?.user && seen(session) > 0) session.views += 1;
    });
    return headerAfter(reply, cookie);
  }

  async create(index: number): Promise<string> {
    const values = valuesOf(index, this.#size);
    const reply = await this.#visit("", ({ session }) => {
      if (session) Object.assign(session, values);
    });
    return headerAfter(reply, "");
  }

  extend(cookie: string): Promise<unknown> {
    return this.#visit(cookie, () => {});
  }

  async readAll(cookie: string): Promise<Values | undefined> {
    let values: Values | undefined;
    await this.#visit(cookie, ({ session }) => {
      if (session?.user) values = valuesIn(session);
    });
    return values;
  }

  async close(): Promise<void> {
    await this.#shelf.close?.();
  }

  #visit(cookie: string, use: (request: WithSession) => void): Promise<Reply> {
    const request: Request & WithSession = new Request(cookie);
    const reply = new Reply();
    return new Promise((resolve, reject) => {
      reply.once("finish", () => resolve(reply));
      this.#middleware(request, reply, (error) => {
        if (error) return reject(error);
        use(request);
        reply.end();
      });
    });
  }
}

export function expressMiddleware({ store }: Shelf): Middleware {
  const cookie = { maxAge: DAY };
  return session({ store, secret: SECRET, resave: false, saveUninitialized: false, cookie });
}

/** The Cookie header of a client that has this session: the id, signed as the middleware does it. */
function signed(id: string): string {
  return cookieHeader(`connect.sid=${encodeURIComponent(`s:${id}.${signature(id)}`)}`);
}
