import type { SessionRecord } from "../contract/store.ts";
import type { Environment } from "../environment/environment.ts";
import type { Snapshot } from "../format/snapshot.ts";

/** A session as a list finds it: without its identity, so a sealed one shows no values. */
export interface ListedSession {
  readonly handle: string;
  readonly snapshot: Snapshot;
}

/** The live sessions. Skips damaged ones and, after all others, throws the first one's error. */
export async function* list(
  { store }: Environment,
  owner: string | undefined,
): AsyncGenerator<ListedSession> {
  let damage: unknown;
  const readOrNote = (record: SessionRecord): Snapshot | undefined => {
    try {
      return store.read(record);
    } catch (error) {
      damage ??= error;
      return undefined;
    }
  };
  for await (const [handle, record] of store.list(owner)) {
    const snapshot = readOrNote(record);
    if (snapshot !== undefined) yield { handle, snapshot };
  }
  if (damage !== undefined) throw damage;
}
