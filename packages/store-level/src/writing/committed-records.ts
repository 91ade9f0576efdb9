import { SessionError } from "@sess/core";
import type { Engine } from "../engine/engine.ts";
import { recordKey } from "../keyspace.ts";
import type { RecentRecords, RecordSummary } from "./recent-records.ts";

/** The records that are in the database, for as long as nothing else is written. */
export class CommittedRecords {
  readonly #engine: Engine;
  readonly #recent: RecentRecords;
  readonly #fetched = new Map<string, string | undefined | SessionError>();

  constructor(engine: Engine, recent: RecentRecords) {
    this.#engine = engine;
    this.#recent = recent;
  }

  /** Undefined if it is not known without reading. */
  summary(handle: string): RecordSummary | undefined {
    return this.#recent.summary(handle);
  }

  /** Notes that `record`, or the removal of the record, has been committed. */
  note(handle: string, record: RecordSummary | undefined): void {
    this.#recent.note(handle, record);
  }

  /**
   * Must have resolved before `text` is called. Each group is what one operation asks for. Where reading
   * is synchronous, a single record is read when it is asked for; many at once, as in a sweep, are
   * fetched here all the same, because together they would hold up the event loop.
   */
  async fetch(groups: readonly (readonly string[])[]): Promise<void> {
    const handles = groups.filter((group) => group.length > 1 || !this.#engine.readsSync).flat();
    if (handles.length === 0) return;
    const texts = await this.#engine.getMany(handles.map(recordKey));
    for (const [index, handle] of handles.entries()) this.#fetched.set(handle, texts[index]);
  }

  /** @throws STORE_CORRUPT or STORE_UNAVAILABLE if LevelDB cannot read it. */
  text(handle: string): string | undefined {
    if (this.#engine.readsSync && !this.#fetched.has(handle)) {
      return this.#engine.peek(recordKey(handle), true);
    }
    const text = this.#fetched.get(handle);
    if (text instanceof SessionError) throw text;
    return text;
  }
}
