import type { SessionRecord } from "@sess/core";
import type { Specification } from "./operation.ts";

/** A call to a store, on one key. */
export type StoreCall =
  | { readonly do: "load" }
  | { readonly do: "save"; readonly record: SessionRecord }
  | { readonly do: "delete"; readonly revision: number | undefined }
  | { readonly do: "touch"; readonly expiresAt: number; readonly revision: number | undefined };

/** What is stored under one key; undefined where nothing is. */
type State = SessionRecord | undefined;

/** The contract of a store for one key, as long as nothing expires. Answers are texts. */
export const STORE_CONTRACT: Specification<State, StoreCall, string> = {
  initial: undefined,
  keyOf: answerOf,
  isRead: (call, answer) => call.do === "load" || answer === "false",
  apply(state, call) {
    if (call.do === "load") return { next: state, answer: answerOf(state) };
    const asked = call.do === "save" ? call.record.revision - 1 : call.revision;
    const live = state?.revision ?? 0;
    // A save names what it follows, which may be nothing; the others need what is there.
    const isDone = (asked ?? live) === live && (call.do === "save" || state !== undefined);
    return { next: isDone ? after(state, call) : state, answer: answerOf(isDone) };
  },
};

/** A record or an outcome as text, which is compared. */
export function answerOf(answer: SessionRecord | boolean | undefined): string {
  if (typeof answer !== "object") return String(answer);
  return `${answer.revision} ${answer.data} until ${answer.expiresAt}`;
}

function after(state: State, call: Exclude<StoreCall, { do: "load" }>): State {
  if (call.do === "save") return call.record;
  return call.do === "touch" && state ? { ...state, expiresAt: call.expiresAt } : undefined;
}
