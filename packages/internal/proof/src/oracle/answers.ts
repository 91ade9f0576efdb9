import { SessionError } from "@sess/core";
import type { Answer, Subject } from "./subject.ts";

/** What an edit throws to make `update()` give up. */
export class GivenUp extends Error {}

/** The same for what answers at once and for what answers later. */
export function after<T, R>(answer: Answer<T>, then: (answer: T) => R): Answer<R> {
  return answer instanceof Promise ? answer.then(then) : then(answer);
}

/** What came of a call, as text that can be compared. */
export async function outcome(call: () => unknown): Promise<string> {
  try {
    return `gives ${textOf(await call())}`;
  } catch (error) {
    return failureText(error);
  }
}

/** The same for a call that answers at once. */
export function outcomeNow(call: () => unknown): string {
  try {
    return `gives ${textOf(call())}`;
  } catch (error) {
    return failureText(error);
  }
}

/** JSON with keys in order, maps included, so that equal values have equal texts. */
export function textOf(value: unknown): string {
  const isPlain = typeof value !== "object" || value === null;
  return JSON.stringify(value, isPlain ? undefined : inOrder) ?? "undefined";
}

/** What can be seen of a session without reading its values. */
export function outsideOf(subject: Subject): string {
  const { id, owner, isNew, createdAt, expiresAt } = subject;
  const keys = textOf(subject.keys().sort());
  return `${id} of ${owner}, new: ${isNew}, ${+createdAt} to ${+expiresAt}, ${keys}`;
}

/** The same with all values, which are handed out by it. */
export function contentsOf(subject: Subject): string {
  const values = subject.keys().map((key) => `${key} = ${textOf(subject.get(key))}`);
  return [outsideOf(subject), ...values.sort()].join(", ");
}

/** A session error's code; of any other error the text. */
export function codeOf(error: unknown): string {
  return error instanceof SessionError ? error.code : String(error);
}

function failureText(error: unknown): string {
  if (error instanceof SessionError) return `fails with ${error.code}`;
  if (error instanceof GivenUp) return "fails as it was told to";
  throw error;
}

function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
