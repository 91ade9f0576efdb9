import type { Session } from "@remix-run/session";
import { createMemorySessionStorage } from "@remix-run/session/memory-storage";
import { stringifySetCookie } from "cookie";
import type { Contender, Sessions } from "../contender.ts";
import { cookieHeader, cookieIn, headerAfter, Reply, Request } from "../exchange.ts";
import { newId } from "../filling.ts";
import { addView, seenIn, setAll, valuesIn } from "../remix-sessions.ts";
import { type Size, type Values, valuesOf } from "../session-values.ts";

export const contender: Contender = {
  title: "@remix-run/session, memory",
  lacks: ["values are shared, not copied", "parallel changes are lost", "nothing expires"],
  open: async ({ size }) => new RemixPath(size),
};

const NAME = "session";
const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: "lax", path: "/" } as const;

class RemixPath implements Sessions {
  readonly #storage = createMemorySessionStorage();
  readonly #size: Size;

  constructor(size: Size) {
    this.#size = size;
  }

  async *fill(count: number): AsyncGenerator<string> {
    for (let index = 0; index < count; index += 1) yield this.create(index);
  }

  stranger(): string {
    return cookieHeader(`${NAME}=${newId()}`);
  }

  async read(cookie: string): Promise<number | undefined> {
    let number: number | undefined;
    await this.#visit(cookie, (session) => {
      number = seenIn(session);
    });
    return number;
  }

  async change(cookie: string): Promise<string> {
    return headerAfter(await this.#visit(cookie, addView), cookie);
  }

  async create(index: number): Promise<string> {
    const values = valuesOf(index, this.#size);
    return headerAfter(await this.#visit("", (session) => setAll(session, values)), "");
  }

  async readAll(cookie: string): Promise<Values | undefined> {
    let values: Values | undefined;
    await this.#visit(cookie, (session) => {
      values = valuesIn(session);
    });
    return values;
  }

  async close(): Promise<void> {}

  async #visit(cookie: string, use: (session: Session) => void): Promise<Reply> {
    const request = new Request(cookie);
    const reply = new Reply();
    const session = await this.#storage.read(cookieIn(request.headers.cookie, NAME) ?? null);
    use(session);
    const id = await this.#storage.save(session);
    if (id !== null)
      reply.setHeader("Set-Cookie", stringifySetCookie({ name: NAME, value: id, ...ATTRIBUTES }));
    return reply.end();
  }
}
