import type { SessionRecord, Store } from "@sess/core";
import type { Scheduler } from "fast-check";
import type { WholeStore } from "../stores.ts";

/** A store whose calls begin and answer when the scheduler says so: others may come in between. */
export function scheduledStore(store: WholeStore, scheduler: Scheduler): Store {
  const scheduled = async <T>(verb: string, call: () => Promise<T>): Promise<T> => {
    await scheduler.schedule(Promise.resolve(), `${verb} begins`);
    const answer = await call();
    await scheduler.schedule(Promise.resolve(), `${verb} answers`);
    return answer;
  };
  async function* list(owner?: string): AsyncGenerator<readonly [string, SessionRecord]> {
    await scheduler.schedule(Promise.resolve(), "list begins");
    for await (const entry of store.list(owner)) {
      await scheduler.schedule(Promise.resolve(), "list answers");
      yield entry;
    }
  }
  return {
    load: (key) => scheduled("load", () => store.load(key)),
    save: (key, record) => scheduled("save", () => store.save(key, record)),
    delete: (key, revision) => scheduled("delete", () => store.delete(key, revision)),
    touch: (key, expiresAt, revision) =>
      scheduled("touch", () => store.touch(key, expiresAt, revision)),
    list,
  };
}
