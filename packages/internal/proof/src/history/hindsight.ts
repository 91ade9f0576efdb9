import type { Operation, Specification } from "./operation.ts";
import { GONE, type Live, ONE_SESSION, type SessionCall } from "./session-calls.ts";

type SessionOperation = Operation<SessionCall, string>;

/** What a search for an order is given. */
interface Explicable {
  readonly operations: readonly SessionOperation[];
  readonly specification: Specification<Live | undefined, SessionCall, string>;
}

/** A message that a call was shown. */
interface Shown {
  /** Those before it in the same answer. */
  readonly after: string;
  /** When that call ended. */
  readonly by: number;
}

/**
 * A history of one session with what follows from its answers, and what it is searched by. No text is
 * given twice, so that who was shown one tells what became of the call that gave it. The same orders
 * explain the history as without; but a search that took minutes takes a moment, since it is told of a
 * wrong guess where it makes it, not hundreds of calls later.
 */
export function inHindsight(history: readonly SessionOperation[]): Explicable {
  const notes = notesSeen(history);
  const messages = messagesShown(history);
  const operations = history.flatMap((operation): SessionOperation[] => {
    const { call, answer } = operation;
    if (answer !== undefined || (call.do !== "note" && call.do !== "flash")) return [operation];
    const end = call.do === "note" ? notes.get(call.text) : messages.get(call.text)?.by;
    // What nobody was shown could as well not have happened: no answer would be another one.
    return end === undefined ? [] : [{ ...operation, end, answer: { is: "done" } }];
  });
  return { operations, specification: { ...ONE_SESSION, apply: inTheirOrder(messages) } };
}

/** A message stands right behind those that it was shown behind; what nobody was shown, behind none. */
function inTheirOrder(messages: ReadonlyMap<string, Shown>): Explicable["specification"]["apply"] {
  return (state, call) => {
    const result = ONE_SESSION.apply(state, call);
    if (call.do !== "flash" || state === undefined) return result;
    const shown = messages.get(call.text);
    const isRight = shown
      ? state.messages === shown.after
      : textsOf(state.messages).every((text) => !messages.has(text));
    return isRight ? result : { next: state, answer: "never" };
  };
}

/** When each note was first seen, by its text. */
function notesSeen(history: readonly SessionOperation[]): ReadonlyMap<string, number> {
  const seen = new Map<string, number>();
  for (const { call, end, answer } of history) {
    if (call.do !== "read" || answer === undefined || answer.is === GONE) continue;
    const [, note = ""] = answer.is.split(" ");
    seen.set(note, Math.min(end, seen.get(note) ?? end));
  }
  return seen;
}

/** Each message that a call was shown, by its text. */
function messagesShown(history: readonly SessionOperation[]): ReadonlyMap<string, Shown> {
  const shown = new Map<string, Shown>();
  for (const { call, end: by, answer } of history) {
    if (call.do !== "take" || answer === undefined || answer.is === GONE) continue;
    let after = "";
    for (const text of textsOf(answer.is)) {
      shown.set(text, { after, by });
      after += `${text};`;
    }
  }
  return shown;
}

function textsOf(messages: string): string[] {
  return messages.split(";").slice(0, -1);
}
