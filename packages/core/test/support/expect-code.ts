import { expect } from "@jest/globals";
import { SessionError, type SessionErrorCode } from "@sess/core";

/** An id: as long and of the same alphabet as what follows the tilde of a handle. */
const ID = /(?<![~\w-])[\w-]{43}(?![\w-])/;

/** Passes where `task` fails with a SessionError of this code, which names no id. */
export async function expectCode(
  task: Promise<unknown> | (() => unknown),
  code: SessionErrorCode,
): Promise<SessionError> {
  const error = await failureOf(task);
  if (!(error instanceof SessionError)) throw new Error(`no SessionError: ${String(error)}`);
  expect({ code: error.code, message: error.message }).toEqual({
    code,
    message: expect.not.stringMatching(ID),
  });
  return error;
}

async function failureOf(task: Promise<unknown> | (() => unknown)): Promise<unknown> {
  try {
    await (typeof task === "function" ? task() : task);
  } catch (error) {
    return error;
  }
  return "it resolved";
}
