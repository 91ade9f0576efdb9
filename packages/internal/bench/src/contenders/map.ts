import type { Contender, Sessions } from "../contender.ts";
import { DAY } from "../exchange.ts";
import { filled, newId } from "../filling.ts";
import { type Size, seen, Template, type Values, valuesOf } from "../session-values.ts";

export const contender: Contender = {
  title: "a bare Map with JSON",
  lacks: ["no session at all: a limit", "no check of revisions", "ids in plain"],
  open: async ({ size }) => new MapSessions(size),
};

interface Held {
  text: string;
  expiresAt: number;
}

/** Parsing and writing the whole session, without which a store of texts cannot do. */
class MapSessions implements Sessions {
  readonly #held = new Map<string, Held>();
  readonly #size: Size;

  constructor(size: Size) {
    this.#size = size;
  }

  fill(count: number): AsyncGenerator<string> {
    const expiresAt = Date.now() + DAY;
    return filled(count, new Template(JSON.stringify(valuesOf(0, this.#size))), (entries) => {
      for (const [id, text] of entries) this.#held.set(id, { text, expiresAt });
    });
  }

  stranger(): string {
    return newId();
  }

  async read(id: string): Promise<number | undefined> {
    const values = this.#get(id);
    return values && seen(values);
  }

  async change(id: string): Promise<string> {
    const values = this.#get(id);
    if (values && seen(values) > 0) {
      values.views += 1;
      this.#held.set(id, { text: JSON.stringify(values), expiresAt: Date.now() + DAY });
    }
    return id;
  }

  async create(index: number): Promise<string> {
    const id = newId();
    const text = JSON.stringify(valuesOf(index, this.#size));
    this.#held.set(id, { text, expiresAt: Date.now() + DAY });
    return id;
  }

  async extend(id: string): Promise<void> {
    const held = this.#held.get(id);
    if (held) held.expiresAt = Date.now() + DAY;
  }

  async readAll(id: string): Promise<Values | undefined> {
    return this.#get(id);
  }

  async expiry(id: string): Promise<number> {
    return this.#held.get(id)?.expiresAt ?? 0;
  }

  async close(): Promise<void> {
    this.#held.clear();
  }

  #get(id: string): Values | undefined {
    const held = this.#held.get(id);
    return held && held.expiresAt > Date.now() ? JSON.parse(held.text) : undefined;
  }
}
