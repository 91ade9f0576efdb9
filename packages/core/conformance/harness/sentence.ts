import assert from "node:assert/strict";
import { inspect } from "node:util";
import { isObject } from "../../src/adapter/objects.ts";

const NUMBERED = /^(sentence \d+|createStore): /;

/** What a failure names that is about no sentence: every case relies on what `createStore` promises. */
const PRECONDITION = "createStore";

/**
 * Runs a check and names the sentence of the contract that it is about in whatever it fails with. A
 * number that the failure already has stays, since a check inside knows better.
 */
export async function inSentence<T>(
  sentence: number | undefined,
  check: () => Promise<T>,
): Promise<T> {
  try {
    return await check();
  } catch (failure) {
    throw numbered(sentence === undefined ? PRECONDITION : `sentence ${sentence}`, failure);
  }
}

function numbered(place: string, failure: unknown): unknown {
  if (failure instanceof assert.AssertionError) {
    const { message } = failure;
    return NUMBERED.test(message) ? failure : retold(failure, `${place}: ${message}`);
  }
  // The store rejected where it must not. A runner prints the cause beneath.
  const rejected = new assert.AssertionError({
    message: `${place}: a call rejected with ${shown(failure)}`,
  });
  return Object.assign(rejected, { cause: failure });
}

/** A runner's sandbox has an Error of its own, of which Node's errors are no instances. */
function shown(failure: unknown): string {
  return isObject(failure) && typeof failure["message"] === "string"
    ? `${failure["name"]}: ${failure["message"]}`
    : inspect(failure);
}

/** The same failure with another message. A new one, since its stack quotes the message. */
function retold(failure: assert.AssertionError, message: string): assert.AssertionError {
  const told = new assert.AssertionError({ message });
  told.stack = failure.stack?.replace(failure.message, () => message) ?? message;
  return told;
}
