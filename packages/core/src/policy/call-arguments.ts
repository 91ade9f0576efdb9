import { checkOption, type Rule } from "../adapter/options.ts";
import { callbackRefused } from "../contract/errors.ts";

/** What an id or a handle may be; text of another shape finds nothing. */
export const TEXT_OR_NONE: Rule = {
  expected: "a string, null or undefined",
  accepts: (value) => typeof value === "string" || value === null || value === undefined,
};

/** No session for an id that cannot be one; rejects if it is of a type that no id has, or a callback came. */
export async function noSession(
  id: unknown,
  method: string,
  callback?: unknown,
): Promise<undefined> {
  checkOption(method, "id", id, TEXT_OR_NONE);
  assertNoCallback(method, callback);
  return undefined;
}

/** @throws NOT_SUPPORTED if a callback came, as other libraries take it. */
export function assertNoCallback(method: string, callback: unknown): void {
  if (typeof callback === "function") throw callbackRefused(`sessions.${method}`);
}
