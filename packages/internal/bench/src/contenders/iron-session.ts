import { getIronSession } from "iron-session";
import type { Contender, Sessions } from "../contender.ts";
import { cookieHeader, cookieIn, Reply, Request } from "../exchange.ts";
import { type Size, seen, type Values, valuesOf } from "../session-values.ts";
import { SECRET } from "../signature.ts";

export const contender: Contender = {
  title: "iron-session (all in the cookie)",
  lacks: [
    "no sign-out of a copied cookie",
    "4 KB at most in browsers",
    "parallel changes are lost",
  ],
  open: async ({ size }) => new IronPath(size),
};

const NAME = "iron";

/** The client keeps the session, so that a few stand for any number. */
const DISTINCT = 20;

class IronPath implements Sessions {
  readonly #size: Size;

  constructor(size: Size) {
    this.#size = size;
  }

  async *fill(count: number): AsyncGenerator<string> {
    for (let index = 0; index < Math.min(count, DISTINCT); index += 1) yield this.create(index);
  }

  stranger(): string {
    return cookieHeader(`${NAME}=Fe26.2*1*${"0".repeat(300)}~2`);
  }

  async read(cookie: string): Promise<number | undefined> {
    const { session } = await this.#open(cookie);
    return session.user && session.views
      ? seen({ user: session.user, views: session.views })
      : undefined;
  }

  async change(cookie: string): Promise<string> {
    const { session, sent } = await this.#open(cookie);
    if (session.user && session.views) session.views += 1;
    await session.save();
    return sent();
  }

  async create(index: number): Promise<string> {
    const { session, sent } = await this.#open("");
    Object.assign(session, valuesOf(index, this.#size));
    await session.save();
    return sent();
  }

  async extend(cookie: string): Promise<string> {
    const { session, sent } = await this.#open(cookie);
    await session.save();
    return sent();
  }

  async readAll(cookie: string): Promise<Values | undefined> {
    const { session } = await this.#open(cookie);
    return isValues(session) ? { ...session } : undefined;
  }

  async close(): Promise<void> {}

  async #open(cookie: string) {
    const request = new Request(cookie);
    const reply = new Reply();
    let seal = "";
    const cookies = {
      get: (name: string) => ({ name, value: cookieIn(request.headers.cookie, name) ?? "" }),
      set: (cookie: string | { value: string }, value?: string) => {
        seal = typeof cookie === "object" ? cookie.value : (value ?? "");
        reply.setHeader("Set-Cookie", `${NAME}=${seal}`);
      },
    };
    const options = { cookieName: NAME, password: SECRET };
    const session = await getIronSession<Partial<Values>>(cookies, options);
    return { session, sent: () => cookieHeader(`${NAME}=${reply.end() && seal}`) };
  }
}

function isValues(session: Partial<Values>): session is Values {
  return session.user !== undefined && session.recent !== undefined;
}
