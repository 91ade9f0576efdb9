import type { Specification } from "./operation.ts";

/** One request to a session, each with a session object of its own. */
export type SessionCall =
  | { readonly do: "read" }
  | { readonly do: "count" }
  | { readonly do: "note"; readonly text: string }
  | { readonly do: "flash"; readonly text: string }
  | { readonly do: "take" }
  | { readonly do: "destroy" };

/** A session that lives. */
interface Live {
  readonly count: number;
  readonly note: string;
  /** In order of their texts, not of their age: of calls at the same time, any may be the older one. */
  readonly messages: readonly string[];
}

/** The answer where there is no session any more. */
export const GONE = "gone";

/** One session, which is there at first and which the first `destroy` ends for good. */
export const ONE_SESSION: Specification<Live | undefined, SessionCall, string> = {
  initial: { count: 0, note: "", messages: [] },
  keyOf: (state) => (state ? `${state.count} ${state.note} ${state.messages}` : GONE),
  isRead: ({ do: verb }, answer) => {
    return verb === "read" || answer === GONE || (verb === "take" && answer === "");
  },
  apply(state, call) {
    if (call.do === "destroy") return { next: undefined, answer: "done" };
    if (state === undefined) return { next: state, answer: GONE };
    switch (call.do) {
      case "read":
        return { next: state, answer: `${state.count} ${state.note}` };
      case "count":
        return { next: { ...state, count: state.count + 1 }, answer: `${state.count}` };
      case "note":
        return { next: { ...state, note: call.text }, answer: "done" };
      case "flash":
        return {
          next: { ...state, messages: [...state.messages, call.text].sort() },
          answer: "done",
        };
      case "take":
        if (state.messages.length === 0) return { next: state, answer: "" };
        return { next: { ...state, messages: [] }, answer: `${state.messages}` };
    }
  },
};
