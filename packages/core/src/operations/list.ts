import type { Environment } from "../environment.ts";
import { parseSuccessor } from "../format/marker.ts";
import { RecordSummary, type SessionSummary } from "../summary.ts";

/** Summaries of the live sessions. A damaged one is passed over and reported when all are through. */
export async function* list<Values extends object>(
  { records, format, settings }: Environment,
  owner: string | undefined,
): AsyncGenerator<SessionSummary<Values>> {
  const damaged: unknown[] = [];
  for await (const [handle, record] of records.list(owner)) {
    if (parseSuccessor(record.data) !== undefined) continue;
    try {
      const snapshot = format.decode(record);
      if (!records.isLive(snapshot)) continue;
      yield new RecordSummary<Values>(handle, snapshot, settings.encoding);
    } catch (error) {
      damaged.push(error);
    }
  }
  if (damaged.length > 0) throw damaged[0];
}
