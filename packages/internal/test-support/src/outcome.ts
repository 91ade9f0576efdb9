import { expect } from "@jest/globals";
import { SessionError, type SessionErrorCode } from "@sess/core";

/** A promise, or a function that may also throw. */
export type Task = Promise<unknown> | (() => unknown);

/** What `task` fails with; rejects when it does not fail. */
export async function rejection(task: Task): Promise<unknown> {
  try {
    await (typeof task === "function" ? task() : task);
  } catch (error) {
    return error;
  }
  throw new Error("It did not fail.");
}

/** A session id: the alphabet and the length of a handle, without the tilde. */
const ID = /(?<![~\w-])[\w-]{43}(?![\w-])/;

/** Passes when `task` fails with a SessionError of this code that has a message and names no session id. */
export async function expectCode(task: Task, code: SessionErrorCode): Promise<SessionError> {
  const error = await rejection(task);
  if (!(error instanceof SessionError)) throw new Error(`Not a SessionError: ${String(error)}`);
  expect({ code: error.code, message: error.message }).toEqual({
    code,
    message: expect.not.stringMatching(ID),
  });
  expect(error.message).not.toBe("");
  return error;
}

/** Whether a promise is still pending after everything else that could go on has gone on. */
export async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let hasSettled = false;
  const settle = () => {
    hasSettled = true;
  };
  void promise.then(settle, settle);
  await new Promise((resolve) => setImmediate(resolve));
  return !hasSettled;
}

/** Every item of an async iterable. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
