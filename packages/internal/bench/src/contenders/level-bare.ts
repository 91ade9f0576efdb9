import { ClassicLevel } from "classic-level";
import type { Contender, Sessions } from "../contender.ts";
import { filled, newId } from "../filling.ts";
import { expected, type Size, Template, type Values, valuesOf } from "../session-values.ts";

export const contender: Contender = {
  title: "bare classic-level: getSync, synced batches of 64",
  lacks: ["no session at all: a limit", "parses nothing", "writes without reading"],
  open: async ({ size, directory }) => {
    const db = new ClassicLevel<string, string>(directory);
    await db.open();
    return new BareLevel(db, size);
  },
};

/** As many writes as make a batch at most. */
const TOGETHER = 64;

interface Waiting {
  readonly change: { readonly type: "put"; readonly key: string; readonly value: string };
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Texts in and out, nothing decoded and nothing encoded: what the engine gives and no more. */
class BareLevel implements Sessions {
  readonly #db: ClassicLevel<string, string>;
  readonly #template: Template;
  #waiting: Waiting[] = [];

  constructor(db: ClassicLevel<string, string>, size: Size) {
    this.#db = db;
    this.#template = new Template(JSON.stringify(valuesOf(0, size)));
  }

  fill(count: number): AsyncGenerator<string> {
    return filled(count, this.#template, (entries) =>
      this.#db.batch(entries.map(([key, value]) => ({ type: "put", key, value }) as const)),
    );
  }

  stranger(): string {
    return newId();
  }

  async read(id: string): Promise<number | undefined> {
    const text = this.#db.getSync(id);
    return text === undefined ? undefined : this.#numbersIn(text);
  }

  /** What is stored is not looked at. */
  async change(id: string, index: number): Promise<string> {
    const value = this.#template.at(index, 1);
    await new Promise<void>((done, failed) => {
      this.#waiting.push({ change: { type: "put", key: id, value }, done, failed });
      if (this.#waiting.length === TOGETHER) this.#flush();
      // Where fewer write at once, there is nobody to wait for.
      else if (this.#waiting.length === 1) setImmediate(() => this.#flush());
    });
    return id;
  }

  async create(index: number): Promise<string> {
    const id = newId();
    await this.#db.put(id, this.#template.at(index), { sync: true });
    return id;
  }

  async readAll(id: string): Promise<Values | undefined> {
    const text = this.#db.getSync(id);
    return text === undefined ? undefined : JSON.parse(text);
  }

  close(): Promise<void> {
    return this.#db.close();
  }

  #flush(): void {
    const batch = this.#waiting;
    if (batch.length === 0) return;
    this.#waiting = [];
    this.#db
      .batch(
        batch.map(({ change }) => change),
        { sync: true },
      )
      .then(
        () => {
          for (const { done } of batch) done();
        },
        (error: unknown) => {
          for (const { failed } of batch) failed(error);
        },
      );
  }

  #numbersIn(text: string): number {
    const [user, views] = this.#template.places;
    const length = String(expected(0) / 2).length;
    return Number(text.slice(user, user + length)) + Number(text.slice(views, views + length));
  }
}
