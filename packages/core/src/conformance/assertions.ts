import assert from "node:assert/strict";
import type { SessionErrorCode } from "../contract/errors.ts";
import type { SessionRecord, Store } from "../contract/store.ts";

type Listing = ReturnType<NonNullable<Store["list"]>>;

/** `call` resolved to `actual`; `reason` says what a store that answers otherwise would do to its users. */
export function assertAnswer<T>(actual: T, expected: T, call: string, reason: string): void {
  if (Object.is(actual, expected)) return;
  assert.fail(`${call} must resolve to ${expected}, but it resolved to ${actual}: ${reason}`);
}

export async function assertHolds(
  store: Store,
  key: string,
  expected: SessionRecord,
  reason: string,
): Promise<void> {
  assertSame(await store.load(key), expected, `load(): ${reason}`);
}

export async function assertHoldsNothing(store: Store, key: string, reason: string): Promise<void> {
  const found = await store.load(key);
  if (found === undefined) return;
  assert.fail(
    `load() must resolve to undefined, but it resolved to revision ${found?.revision}: ${reason}`,
  );
}

/** Compares field by field, so that a megabyte of data does not end up in a message. */
export function assertSame(
  actual: SessionRecord | undefined,
  expected: SessionRecord,
  reason: string,
): void {
  if (actual === undefined || actual === null) {
    assert.fail(`the record must be there, but there is ${actual}: ${reason}`);
  }
  const fields = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  for (const field of fields) {
    const problem = difference(field, actual, expected);
    if (problem !== undefined) assert.fail(`${problem}: ${reason}`);
  }
}

/** `keys` are the sessions that a listing must have yielded and the only ones it may. */
export function assertKeys(
  listed: ReadonlyMap<string, SessionRecord>,
  keys: Iterable<string>,
  reason: string,
): void {
  const expected = new Set(keys);
  const lost = [...expected].filter((key) => !listed.has(key)).length;
  const foreign = [...listed.keys()].filter((key) => !expected.has(key)).length;
  if (lost === 0 && foreign === 0) return;
  assert.fail(
    `list() must yield ${expected.size} sessions, but it left out ${lost} of them and yielded ` +
      `${foreign} others: ${reason}`,
  );
}

/** Decides by the code alone: messages may change. */
export async function assertRejects(
  call: () => Promise<unknown>,
  code: SessionErrorCode,
  reason: string,
): Promise<void> {
  const outcome = await call().then(
    () => "it resolved",
    (error: unknown) => (Object(error).code === code ? undefined : `it rejected with ${error}`),
  );
  if (outcome !== undefined) assert.fail(`it must reject with ${code}, but ${outcome}: ${reason}`);
}

/** Reads a listing to its end, into its newest record for each key. */
export async function collect(
  listing: Listing,
  most = 100_000,
): Promise<Map<string, SessionRecord>> {
  const found = new Map<string, SessionRecord>();
  let yielded = 0;
  for await (const [key, record] of listing) {
    found.set(key, record);
    yielded += 1;
    assert.ok(yielded <= most, `list() must come to an end, but it went on after ${most} sessions`);
  }
  return found;
}

function difference(field: string, actual: object, expected: object): string | undefined {
  const got: unknown = Reflect.get(actual, field);
  const wanted: unknown = Reflect.get(expected, field);
  if (Object.is(got, wanted) && field in actual === field in expected) return undefined;
  if (!(field in expected))
    return `the record must have no property ${field}, but it has ${brief(got)}`;
  if (typeof got !== "string" || typeof wanted !== "string") {
    return `${field} must be ${brief(wanted)}, but it is ${brief(got)}`;
  }
  let at = 0;
  while (at < wanted.length && got[at] === wanted[at]) at += 1;
  return (
    `${field} must have ${wanted.length} characters, ${brief(wanted)}, but it has ${got.length}, ` +
    `${brief(got)}, and differs from position ${at}`
  );
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
