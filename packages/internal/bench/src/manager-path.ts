import type { Session, SessionManager, Store } from "@sess/core";
import { stringifySetCookie } from "cookie";
import type { Sessions } from "./contender.ts";
import { cookieHeader, cookieIn, headerAfter, Reply, Request } from "./exchange.ts";
import { newId } from "./filling.ts";
import { addView, ManagerSessions, seenIn, setAll, valuesIn } from "./manager-sessions.ts";
import { type Size, type Values, valuesOf } from "./session-values.ts";

const NAME = "__Host-session";
const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: "lax", path: "/" } as const;

/** A request and its reply, those of `node:http` as well as those that stand for them here. */
interface Visitor {
  readonly request: { readonly headers: { readonly cookie?: string | undefined } };
  readonly reply: { setHeader(name: string, value: string): unknown };
}

/** @sess on the whole way of a request: cookie, session, values, save, cookie, reply. */
export class ManagerPath implements Sessions {
  readonly #alone: ManagerSessions;
  readonly #size: Size;

  constructor(store: Store, size: Size) {
    this.#alone = new ManagerSessions(store, size);
    this.#size = size;
  }

  async *fill(count: number): AsyncGenerator<string> {
    for await (const id of this.#alone.fill(count)) yield cookieHeader(`${NAME}=${id}`);
  }

  stranger(): string {
    return cookieHeader(`${NAME}=${newId()}`);
  }

  /** What a server does with a request: reads two keys, and changes one where it is asked to. */
  async answer({ request, reply }: Visitor, isChange: boolean): Promise<number | undefined> {
    return visit(this.#alone.manager, { request, reply }, isChange ? addView : seenIn);
  }

  async read(cookie: string): Promise<number | undefined> {
    const reply = new Reply();
    const request = new Request(cookie);
    const number = await visit(this.#alone.manager, { request, reply }, seenIn);
    reply.end();
    return number;
  }

  async change(cookie: string): Promise<string> {
    const reply = new Reply();
    await visit(this.#alone.manager, { request: new Request(cookie), reply }, addView);
    return headerAfter(reply.end(), cookie);
  }

  async create(index: number): Promise<string> {
    const reply = new Reply();
    const values = valuesOf(index, this.#size);
    const fill = (session: Session<Values>) => setAll(session, values);
    await visit(this.#alone.manager, { request: new Request(""), reply }, fill);
    return headerAfter(reply.end(), "");
  }

  async extend(cookie: string): Promise<void> {
    const reply = new Reply();
    await visit(this.#alone.extending, { request: new Request(cookie), reply }, () => {});
    reply.end();
  }

  async readAll(cookie: string): Promise<Values | undefined> {
    const reply = new Reply();
    const request = new Request(cookie);
    const values = await visit(this.#alone.manager, { request, reply }, valuesIn);
    reply.end();
    return values;
  }

  expiry(cookie: string): Promise<number> {
    return this.#alone.expiry(cookieIn(cookie, NAME) ?? "");
  }

  close(): Promise<void> {
    return this.#alone.close();
  }
}

async function visit<Result>(
  manager: SessionManager<Values>,
  { request, reply }: Visitor,
  use: (session: Session<Values>) => Result,
): Promise<Result> {
  const id = cookieIn(request.headers.cookie, NAME);
  const session = await manager.open(id);
  const result = use(session);
  await session.save();
  if (session.id !== id && !session.isNew) {
    reply.setHeader(
      "Set-Cookie",
      stringifySetCookie({ name: NAME, value: session.id, ...ATTRIBUTES }),
    );
  }
  return result;
}
