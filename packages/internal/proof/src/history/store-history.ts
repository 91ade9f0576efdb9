import type { SessionRecord, Store } from "@sess/core";
import { handle } from "@sess/test-support";
import type { Random } from "../random.ts";
import { type Load, type Operation, Recorder, type Specification } from "./operation.ts";

/** A call to a store, for one handle. */
type StoreCall =
  | { readonly do: "load" }
  | { readonly do: "save"; readonly record: SessionRecord }
  | { readonly do: "delete"; readonly revision: number | undefined }
  | { readonly do: "touch"; readonly expiresAt: number; readonly revision: number | undefined };

/** What is stored under one handle. */
type Stored = SessionRecord | undefined;

/** The store contract for one handle, as long as nothing expires. Answers are texts. */
export const STORE_CONTRACT: Specification<Stored, StoreCall, string> = {
  initial: undefined,
  keyOf: answerText,
  isRead: (call, answer) => call.do === "load" || answer === "false",
  apply(stored, call) {
    if (call.do === "load") return { next: stored, answer: answerText(stored) };
    const live = stored?.revision ?? 0;
    const asked = call.do === "save" ? call.record.revision - 1 : (call.revision ?? live);
    // A save may follow nothing; the others need a record.
    const isDone = asked === live && (call.do === "save" || stored !== undefined);
    return { next: isDone ? after(stored, call) : stored, answer: answerText(isDone) };
  },
};

function after(stored: Stored, call: Exclude<StoreCall, { do: "load" }>): Stored {
  if (call.do === "save") return call.record;
  return call.do === "touch" && stored ? { ...stored, expiresAt: call.expiresAt } : undefined;
}

function answerText(answer: Stored | boolean): string {
  if (typeof answer !== "object") return String(answer);
  return `${answer.revision} ${answer.data} until ${answer.expiresAt}`;
}

const HOUR = 3_600_000;

/** Calls the stores from many lanes at once, for a few handles; gives the history of each handle. */
export async function storeHistories(
  stores: readonly Store[],
  random: Random,
  { lanes, targets, calls }: Load,
): Promise<Operation<StoreCall, string>[][]> {
  const recorders = Array.from({ length: targets }, () => new Recorder<StoreCall, string>());
  async function run(lane: number): Promise<void> {
    const store = stores[lane % stores.length];
    if (store === undefined) throw new Error("There is no store.");
    // A lane knows only what it has read: most of what it asks for is stale by then.
    const seen = Array<number>(targets).fill(0);
    for (let count = 0; count < calls; count += 1) {
      const target = random.below(targets);
      const call = draw(random, seen[target] ?? 0, `${lane}.${count}`);
      const ask = () => carryOut(store, handle(target), call);
      const answer = await recorders[target]?.record(call, ask);
      if (call.do === "load") seen[target] = Number.parseInt(answer ?? "", 10) || 0;
      if (call.do === "save" && answer === "true") seen[target] = call.record.revision;
    }
  }
  await Promise.all(Array.from({ length: lanes }, (_, lane) => run(lane)));
  return recorders.map(({ operations }) => operations);
}

function draw(random: Random, seen: number, data: string): StoreCall {
  const kind = random.below(20);
  const expiresAt = Date.now() + HOUR + random.below(HOUR);
  const revision = random.below(3) > 0 ? seen : undefined;
  if (kind < 8) return { do: "load" };
  if (kind < 17) {
    return { do: "save", record: { revision: seen + 1, createdAt: 0, expiresAt, data } };
  }
  return kind < 19 ? { do: "touch", expiresAt, revision } : { do: "delete", revision };
}

async function carryOut(store: Store, at: string, call: StoreCall): Promise<string> {
  if (call.do === "load") return answerText(await store.load(at));
  if (call.do === "save") return answerText(await store.save(at, call.record));
  if (call.do === "delete") return answerText(await store.delete(at, call.revision));
  return answerText(await store.touch?.(at, call.expiresAt, call.revision));
}
