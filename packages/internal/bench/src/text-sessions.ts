import type { Sessions } from "./contender.ts";
import { type Entry, filled, newId } from "./filling.ts";
import { type Size, seen, Template, type Values, valuesOf } from "./session-values.ts";

/** A database that keeps text under an id. */
export interface Texts {
  get(id: string): Promise<string | null | undefined>;
  /** In place of one that is there. */
  set(id: string, text: string): Promise<unknown>;
  /** Where none is. */
  add(id: string, text: string): Promise<unknown>;
  extend?(id: string): Promise<unknown>;
  put(entries: readonly Entry[]): Promise<unknown>;
  close(): Promise<void>;
}

/** What one would write on a database oneself: the whole session as JSON, read and written as one. */
export class TextSessions implements Sessions {
  readonly #texts: Texts;
  readonly #size: Size;

  constructor(texts: Texts, size: Size) {
    this.#texts = texts;
    this.#size = size;
  }

  fill(count: number): AsyncGenerator<string> {
    const template = new Template(JSON.stringify(valuesOf(0, this.#size)));
    return filled(count, template, (entries) => this.#texts.put(entries));
  }

  stranger(): string {
    return newId();
  }

  async read(id: string): Promise<number | undefined> {
    const values = await this.readAll(id);
    return values && seen(values);
  }

  async change(id: string): Promise<string> {
    const values = await this.readAll(id);
    if (values && seen(values) > 0) {
      values.views += 1;
      await this.#texts.set(id, JSON.stringify(values));
    }
    return id;
  }

  async create(index: number): Promise<string> {
    const id = newId();
    await this.#texts.add(id, JSON.stringify(valuesOf(index, this.#size)));
    return id;
  }

  get extend(): ((id: string) => Promise<unknown>) | undefined {
    const texts = this.#texts;
    return texts.extend && ((id) => texts.extend?.(id) ?? Promise.resolve());
  }

  async readAll(id: string): Promise<Values | undefined> {
    const text = await this.#texts.get(id);
    return typeof text === "string" ? JSON.parse(text) : undefined;
  }

  close(): Promise<void> {
    return this.#texts.close();
  }
}
