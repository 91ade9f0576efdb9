import { SessionError } from "@sess/core";
import type { Engine } from "./engine.ts";
import type { Head, Heads } from "./heads.ts";
import { recordKey } from "./keyspace.ts";

/** The records that have landed, as long as nothing else is written. */
export class Landed {
  readonly #engine: Engine;
  readonly #heads: Heads;
  readonly #fetched = new Map<string, string | undefined | SessionError>();

  constructor(engine: Engine, heads: Heads) {
    this.#engine = engine;
    this.#heads = heads;
  }

  /** Where it is known without reading. */
  head(handle: string): Head | undefined {
    return this.#heads.get(handle);
  }

  /** `record` has landed too, or its removal. */
  changed(handle: string, record: Head | undefined): void {
    this.#heads.set(handle, record);
  }

  /**
   * To be awaited before `text`. Each group is what one operation asks for. Where reading is
   * synchronous a single record is read when it is asked for; many at once, as of a sweep, are fetched
   * all the same, since together they would hold up the event loop.
   */
  async fetch(groups: readonly (readonly string[])[]): Promise<void> {
    const least = this.#engine.readsSync ? 2 : 1;
    const handles = groups.filter(({ length }) => length >= least).flat();
    if (handles.length === 0) return;
    const texts = await this.#engine.getMany(handles.map(recordKey));
    for (const [index, handle] of handles.entries()) this.#fetched.set(handle, texts[index]);
  }

  /** Throws where the engine cannot read it. */
  text(handle: string): string | undefined {
    if (this.#engine.readsSync && !this.#fetched.has(handle)) {
      return this.#engine.peek(recordKey(handle), true);
    }
    const text = this.#fetched.get(handle);
    if (text instanceof SessionError) throw text;
    return text;
  }
}
