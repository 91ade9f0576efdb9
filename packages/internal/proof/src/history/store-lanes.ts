import type { Store } from "@sess/core";
import type { Random } from "../random.ts";
import { type Operation, Recorder } from "./operation.ts";
import { answerOf, type StoreCall } from "./record-calls.ts";

export interface Load {
  readonly lanes: number;
  readonly keys: number;
  /** Of each lane. */
  readonly calls: number;
}

const HOUR = 3_600_000;

/** Calls from many lanes at once, taking turns at the stores, on a few keys; gives what was seen, by key. */
export async function storeHistories(
  stores: readonly Store[],
  random: Random,
  { lanes, keys, calls }: Load,
): Promise<Operation<StoreCall, string>[][]> {
  const recorders = Array.from({ length: keys }, () => new Recorder<StoreCall, string>());
  // A lane knows only what it has read: most of what it asks for is stale by then.
  const lane = async (number: number) => {
    const store = stores[number % stores.length];
    if (store === undefined) throw new Error("There is no store.");
    const seen = Array<number>(keys).fill(0);
    for (let count = 0; count < calls; count += 1) {
      const key = random.below(keys);
      const call = draw(random, seen[key] ?? 0, `${number}.${count}`);
      const answer = await recorders[key]?.record(call, () => carryOut(store, keyOf(key), call));
      if (call.do === "load") seen[key] = Number.parseInt(answer ?? "", 10) || 0;
      if (call.do === "save" && answer === "true") seen[key] = call.record.revision;
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  return recorders.map(({ operations }) => operations);
}

function draw(random: Random, seen: number, data: string): StoreCall {
  const kind = random.below(20);
  const expiresAt = Date.now() + HOUR + random.below(HOUR);
  const revision = random.below(3) > 0 ? seen : undefined;
  if (kind < 8) return { do: "load" };
  if (kind < 17) {
    const record = { revision: seen + 1, createdAt: 0, expiresAt, data };
    return { do: "save", record };
  }
  return kind < 19 ? { do: "touch", expiresAt, revision } : { do: "delete", revision };
}

async function carryOut(store: Store, key: string, call: StoreCall): Promise<string> {
  if (call.do === "load") return answerOf(await store.load(key));
  if (call.do === "save") return answerOf(await store.save(key, call.record));
  if (call.do === "delete") return answerOf(await store.delete(key, call.revision));
  return answerOf(await store.touch?.(key, call.expiresAt, call.revision));
}

/** Of the shape of a handle. */
function keyOf(number: number): string {
  return `~${String(number).padStart(43, "0")}`;
}
