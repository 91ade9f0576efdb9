import type { ServerResponse } from "node:http";
import { isObject } from "@sess/core/adapter";

const FIRST_FINAL_STATUS = 200;
const LAST_STATUS = 999;

/**
 * Puts what `writeHead` is given on the response itself, where more headers can join it: those that it is
 * given it would set in place of others. Returns false for what is not the head of an answer, such as an
 * informational status, and for what `writeHead` refuses.
 */
export function applyHead(response: ServerResponse, args: readonly unknown[]): boolean {
  const [status, second, third] = args;
  const [reason, given] =
    typeof second === "string" ? [second, third] : [undefined, second ?? third];
  const code = Math.trunc(Number(status));
  const isFinal = code >= FIRST_FINAL_STATUS && code <= LAST_STATUS;
  const headers = headersIn(given);
  if (!isFinal || headers === undefined) return false;
  for (const [name, values] of headers) {
    const [first = ""] = values;
    response.setHeader(name, values.length === 1 ? first : values);
  }
  response.statusCode = code;
  if (reason !== undefined && !isHttp2(response)) response.statusMessage = reason;
  return true;
}

/** HTTP/2 has no words for a status, and Node warns where one sets them. */
export function isHttp2(response: object): boolean {
  return "stream" in response;
}

/** Values by name, from an object, a list of names and values, or a list of pairs. */
function headersIn(given: unknown): Map<string, string[]> | undefined {
  const headers = new Map<string, string[]>();
  const nameOf = new Map<string, string>();
  for (const [key, value] of entriesOf(given)) {
    if (typeof key !== "string" || value === undefined) return undefined;
    const lower = key.toLowerCase();
    const name = nameOf.get(lower) ?? key;
    nameOf.set(lower, name);
    const values: unknown[] = Array.isArray(value) ? value : [value];
    headers.set(name, [...(headers.get(name) ?? []), ...values.map(String)]);
  }
  return headers;
}

function entriesOf(given: unknown): readonly (readonly [unknown, unknown])[] {
  if (!isObject(given)) return [];
  if (!Array.isArray(given)) return Object.entries(given);
  const list: readonly unknown[] = given;
  if (list.every((each) => Array.isArray(each))) return list.map(([name, value]) => [name, value]);
  return list.flatMap((name, index) => (index % 2 === 0 ? [[name, list[index + 1]]] : []));
}
