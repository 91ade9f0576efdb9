import { createHmac } from "node:crypto";
import Koa, { type Context } from "koa";
import { createSession } from "koa-session";
import type { Contender, Sessions } from "../contender.ts";
import { cookieHeader, DAY, headerAfter, Reply, Request } from "../exchange.ts";
import { valuesIn } from "../express-sessions.ts";
import { filled, newId } from "../filling.ts";
import { type Size, seen, Template, type Values, valuesOf } from "../session-values.ts";
import { SECRET } from "../signature.ts";

export const contender: Contender = {
  title: "koa-session, a Map",
  lacks: ["parallel changes are lost", "a late save revives", "ids in plain"],
  open: async ({ size }) => new KoaPath(size),
};

const NAME = "koa.sess";

type Use = (context: Context) => void;
type Handler = (request: Request, reply: Reply) => unknown;

class KoaPath implements Sessions {
  readonly #texts = new Map<string, string>();
  readonly #size: Size;
  readonly #handler = this.#application(false);
  readonly #extending = this.#application(true);
  readonly #bare = bareApplication();

  constructor(size: Size) {
    this.#size = size;
  }

  fill(count: number): AsyncGenerator<string> {
    const stored = { ...valuesOf(0, this.#size), _expire: Date.now() + DAY, _maxAge: DAY };
    const put = (entries: readonly (readonly [string, string])[]) => {
      for (const [id, text] of entries) this.#texts.set(id, text);
    };
    return filled(count, new Template(JSON.stringify(stored)), put, signed);
  }

  stranger(): string {
    return signed(newId());
  }

  async read(cookie: string): Promise<number | undefined> {
    let number: number | undefined;
    await visit(this.#handler, cookie, ({ session }) => {
      if (session.user) number = seen(session);
    });
    return number;
  }

  async change(cookie: string): Promise<string> {
    const reply = await visit(this.#handler, cookie, ({ session }) => {
      if (session.user && seen(session) > 0) session.views += 1;
    });
    return headerAfter(reply, cookie);
  }

  async create(index: number): Promise<string> {
    const values = valuesOf(index, this.#size);
    const reply = await visit(this.#handler, "", ({ session }) => Object.assign(session, values));
    return headerAfter(reply, "");
  }

  extend(cookie: string): Promise<unknown> {
    return visit(this.#extending, cookie, () => {});
  }

  async readAll(cookie: string): Promise<Values | undefined> {
    let values: Values | undefined;
    await visit(this.#handler, cookie, ({ session }) => {
      if (session.user) values = valuesIn(session);
    });
    return values;
  }

  bare(cookie: string): Promise<unknown> {
    return visit(this.#bare, cookie, () => {});
  }

  async close(): Promise<void> {
    this.#texts.clear();
  }

  #application(rolling: boolean): Handler {
    const texts = this.#texts;
    const store = {
      get: async (id: string) => {
        const text = texts.get(id);
        return text === undefined ? undefined : JSON.parse(text);
      },
      set: async (id: string, values: unknown) => {
        texts.set(id, JSON.stringify(values));
      },
      destroy: async (id: string) => {
        texts.delete(id);
      },
    };
    const application = new Koa<Use>();
    application.keys = [SECRET];
    const genid = newId;
    application.use(createSession({ key: NAME, maxAge: DAY, store, rolling, genid }, application));
    return handlerOf(application);
  }
}

function bareApplication(): Handler {
  return handlerOf(new Koa<Use>());
}

/** What is done with the session comes with the request. */
function handlerOf(application: Koa<Use>): Handler {
  application.use((context) => {
    context.req.use?.(context);
    context.body = "ok";
  });
  return application.callback();
}

function visit(handler: Handler, cookie: string, use: Use): Promise<Reply> {
  const request: Request & { use?: Use } = new Request(cookie);
  request.use = use;
  const reply = new Reply();
  return new Promise((resolve) => {
    reply.once("finish", () => resolve(reply));
    handler(request, reply);
  });
}

/** The Cookie header of a client that has this session: the id, and its signature beside it. */
function signed(id: string): string {
  const signature = createHmac("sha1", SECRET).update(`${NAME}=${id}`).digest("base64url");
  return cookieHeader(`${NAME}=${id}; ${NAME}.sig=${signature}`);
}
