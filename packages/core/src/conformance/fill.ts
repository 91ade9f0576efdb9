import type { SessionRecord, Store } from "../contract/store.ts";
import type { Lab } from "./lab.ts";

const AT_ONCE = 100;

/** Saves `count` new sessions, a batch at a time, and gives them back in the order of saving. */
export async function fill(
  store: Store,
  lab: Lab,
  count: number,
  fields: (index: number) => Partial<SessionRecord> = () => ({}),
): Promise<Map<string, SessionRecord>> {
  const saved = new Map(
    Array.from({ length: count }, (_, index) => [lab.key(), lab.record(fields(index))]),
  );
  const entries = [...saved];
  for (let from = 0; from < count; from += AT_ONCE) {
    const batch = entries.slice(from, from + AT_ONCE);
    await Promise.all(batch.map(([key, record]) => store.save(key, record)));
  }
  return saved;
}
