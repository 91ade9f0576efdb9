import assert from "node:assert/strict";
import { isObject } from "../../src/adapter/objects.ts";
import type { SessionErrorCode } from "../../src/contract/errors.ts";
import type { SessionRecord, Store } from "../../src/contract/store.ts";

type Listing = ReturnType<NonNullable<Store["list"]>>;

const FIELDS = ["revision", "createdAt", "expiresAt", "owner", "data"] as const;

/** More sessions than any case creates: a listing that yields more will not end by itself. */
const MOST_LISTED = 100_000;

const MOST_SHOWN_CHARACTERS = 60;

/**
 * Fails unless `call` resolved to `expected`. Every `reason` in this file completes the message: it says
 * why the contract asks for this.
 */
export function assertResolved<T>(actual: T, expected: T, call: string, reason: string): void {
  if (Object.is(actual, expected)) return;
  assert.fail(`${call} must resolve to ${expected}, but it resolved to ${actual}: ${reason}`);
}

/** Fails unless `load()` finds exactly `expected`. */
export async function assertHolds(
  store: Store,
  handle: string,
  expected: SessionRecord,
  reason: string,
): Promise<void> {
  assertRecord(await store.load(handle), expected, `load(): ${reason}`);
}

/** Fails unless `load()` resolves to undefined. */
export async function assertHoldsNothing(
  store: Store,
  handle: string,
  reason: string,
): Promise<void> {
  const found = await store.load(handle);
  if (found === undefined) return;
  // A broken store may resolve to null, which the types exclude.
  assert.fail(
    `load() must resolve to undefined, but it resolved to revision ${found?.revision}: ${reason}`,
  );
}

/** Compares field by field, so that a megabyte of data does not end up in the message. */
export function assertRecord(
  actual: SessionRecord | undefined,
  expected: SessionRecord,
  reason: string,
): void {
  if (actual === undefined || actual === null) {
    assert.fail(`the record must exist, but it is ${actual}: ${reason}`);
  }
  const problem = unknownField(actual) ?? differingField(actual, expected);
  if (problem !== undefined) assert.fail(`${problem}: ${reason}`);
}

/** Fails unless `listed` holds exactly these handles. */
export function assertHandles(
  listed: ReadonlyMap<string, SessionRecord>,
  handles: Iterable<string>,
  reason: string,
): void {
  const expected = new Set(handles);
  const lost = [...expected].filter((handle) => !listed.has(handle)).length;
  const foreign = [...listed.keys()].filter((handle) => !expected.has(handle)).length;
  if (lost === 0 && foreign === 0) return;
  assert.fail(
    `list() must yield ${expected.size} sessions, but it left out ${lost} of them and yielded ` +
      `${foreign} others: ${reason}`,
  );
}

/**
 * Fails unless `call` rejects with `code`. Only the code counts: messages may change, and an error from
 * another copy of core is not an instance of our class.
 */
export async function assertRejects(
  call: () => Promise<unknown>,
  code: SessionErrorCode,
  reason: string,
): Promise<void> {
  const outcome = await call().then(
    () => "it resolved",
    (error: unknown) =>
      isObject(error) && error["code"] === code ? undefined : `it rejected with ${error}`,
  );
  if (outcome !== undefined) assert.fail(`it must reject with ${code}, but ${outcome}: ${reason}`);
}

/** Reads a listing to its end. If a session is repeated, the last record counts. */
export async function collect(listing: Listing): Promise<Map<string, SessionRecord>> {
  const found = new Map<string, SessionRecord>();
  let yielded = 0;
  for await (const [handle, record] of listing) {
    found.set(handle, record);
    yielded += 1;
    assert.ok(
      yielded <= MOST_LISTED,
      `list() must end, but it went on after ${MOST_LISTED} sessions`,
    );
  }
  return found;
}

function unknownField(record: SessionRecord): string | undefined {
  const known: readonly string[] = FIELDS;
  const unknown = Object.keys(record).find((name) => !known.includes(name));
  return unknown && `the record must have no property ${unknown}`;
}

function differingField(actual: SessionRecord, expected: SessionRecord): string | undefined {
  const field = FIELDS.find(
    (name) => !Object.is(actual[name], expected[name]) || name in actual !== name in expected,
  );
  return field && difference(field, actual[field], expected[field]);
}

function difference(field: string, actual: unknown, expected: unknown): string {
  if (typeof actual !== "string" || typeof expected !== "string") {
    if (expected === undefined) {
      return `the record must have no property ${field}, but it is ${shown(actual)}`;
    }
    return `${field} must be ${shown(expected)}, but it is ${shown(actual)}`;
  }
  let position = 0;
  while (position < expected.length && actual[position] === expected[position]) position += 1;
  return (
    `${field} must have ${expected.length} characters, ${shown(expected)}, but it has ` +
    `${actual.length}, ${shown(actual)}, and differs from position ${position}`
  );
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MOST_SHOWN_CHARACTERS ? `${text.slice(0, MOST_SHOWN_CHARACTERS)}…` : text;
}
