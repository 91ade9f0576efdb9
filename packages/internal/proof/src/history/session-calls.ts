import type { Specification } from "./operation.ts";

/** What is asked of one session; each is one call of a program, with a session object of its own. */
export type SessionCall =
  | { readonly do: "read" }
  | { readonly do: "count" }
  | { readonly do: "note"; readonly text: string }
  | { readonly do: "flash"; readonly text: string }
  | { readonly do: "take" }
  | { readonly do: "destroy" };

/** A session that has not ended. */
export interface Live {
  readonly count: number;
  readonly note: string;
  readonly messages: string;
}

/** What stands for an answer where there is no session any more. */
export const GONE = "gone";

/** One session that is there at first, ended for good by the first `destroy`. */
export const ONE_SESSION: Specification<Live | undefined, SessionCall, string> = {
  initial: { count: 0, note: "", messages: "" },
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
        return { next: { ...state, messages: `${state.messages}${call.text};` }, answer: "done" };
      case "take":
        if (state.messages === "") return { next: state, answer: "" };
        return { next: { ...state, messages: "" }, answer: state.messages };
    }
  },
};
