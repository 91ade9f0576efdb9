import { createSession, type Session, type SessionStorage } from "@remix-run/session";
import type { Sessions } from "./contender.ts";
import { newId } from "./filling.ts";
import { type Size, seen, type Values, valuesOf } from "./session-values.ts";

/** @remix-run/session over one of its storages, without a request around them. */
export class RemixSessions implements Sessions {
  readonly #storage: SessionStorage;
  readonly #size: Size;

  constructor(storage: SessionStorage, size: Size) {
    this.#storage = storage;
    this.#size = size;
  }

  async *fill(count: number): AsyncGenerator<string> {
    for (let index = 0; index < count; index += 1) yield this.create(index);
  }

  stranger(): string {
    return newId();
  }

  async read(id: string): Promise<number | undefined> {
    const session = await this.#storage.read(id);
    const number = seenIn(session);
    await this.#storage.save(session);
    return number;
  }

  async change(id: string): Promise<string> {
    const session = await this.#storage.read(id);
    addView(session);
    return (await this.#storage.save(session)) ?? id;
  }

  async create(index: number): Promise<string> {
    const session = createSession();
    setAll(session, valuesOf(index, this.#size));
    return (await this.#storage.save(session)) ?? "";
  }

  async readAll(id: string): Promise<Values | undefined> {
    return valuesIn(await this.#storage.read(id));
  }

  async close(): Promise<void> {}
}

export function seenIn(session: Session): number | undefined {
  const [user, views] = [session.get("user"), session.get("views")];
  return isUser(user) && typeof views === "number" ? seen({ user, views }) : undefined;
}

export function addView(session: Session): void {
  const views = session.get("views");
  if (seenIn(session) !== undefined && typeof views === "number") session.set("views", views + 1);
}

export function setAll(session: Session, values: Values): void {
  for (const [key, value] of Object.entries(values)) session.set(key, value);
}

export function valuesIn(session: Session): Values | undefined {
  const [values] = session.data;
  return isValues(values) ? values : undefined;
}

function isUser(value: unknown): value is Values["user"] {
  return typeof value === "object" && value !== null && "id" in value;
}

function isValues(values: object): values is Values {
  return "user" in values && "recent" in values;
}
