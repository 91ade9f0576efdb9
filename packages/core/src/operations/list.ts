import type { Environment } from "../environment.ts";
import { type SessionSummary, summaryOf } from "../summary.ts";

/** Summaries of the live sessions. A damaged one is passed over and reported when all are through. */
export async function* list<Values extends object>(
  { records, encoding }: Environment,
  owner: string | undefined,
): AsyncGenerator<SessionSummary<Values>> {
  let damaged: unknown;
  for await (const [handle, record] of records.list(owner)) {
    try {
      const snapshot = records.read(record);
      if (snapshot) yield summaryOf<Values>(handle, snapshot, encoding);
    } catch (error) {
      damaged ??= error;
    }
  }
  if (damaged) throw damaged;
}
