import Keyv from "keyv";
import type { Contender, Sessions } from "../contender.ts";
import { DAY } from "../exchange.ts";
import { newId } from "../filling.ts";
import { type Size, seen, type Values, valuesOf } from "../session-values.ts";

export const contender: Contender = {
  title: "keyv, memory",
  lacks: ["no session: a key-value store", "no check of revisions", "ids in plain"],
  open: async ({ size }) => new KeyvSessions(size),
};

class KeyvSessions implements Sessions {
  readonly #keyv = new Keyv<Values>({ ttl: DAY });
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
    const values = await this.#keyv.get(id);
    return values && seen(values);
  }

  async change(id: string): Promise<string> {
    const values = await this.#keyv.get(id);
    if (values && seen(values) > 0)
      await this.#keyv.set(id, { ...values, views: values.views + 1 });
    return id;
  }

  async create(index: number): Promise<string> {
    const id = newId();
    await this.#keyv.set(id, valuesOf(index, this.#size));
    return id;
  }

  async extend(id: string): Promise<void> {
    const values = await this.#keyv.get(id);
    if (values) await this.#keyv.set(id, values);
  }

  async readAll(id: string): Promise<Values | undefined> {
    return this.#keyv.get(id);
  }

  async close(): Promise<void> {
    await this.#keyv.disconnect();
  }
}
