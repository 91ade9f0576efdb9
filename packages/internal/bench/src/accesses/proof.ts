import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import type { Accesses } from "./accesses.ts";
import { expectedFingerprint, type Size, valuesOf } from "./session-values.ts";
import type { Tokens } from "./tokens.ts";

/** As many sessions as there are accesses at once, at most. */
const PROVEN_SESSIONS = 64;

/**
 * Proves on the first sessions that a contender reads what was stored and stores what it changes, so that nobody is
 * timed doing nothing.
 *
 * @throws AssertionError which says what the contender does not do.
 */
export async function prove(accesses: Accesses, tokens: Tokens, size: Size): Promise<void> {
  const length = Math.min(PROVEN_SESSIONS, tokens.count);
  const indexes = Array.from({ length }, (_, index) => index);
  for (const index of indexes) {
    const token = tokens.at(index);
    strictEqual(await accesses.read(token), expectedFingerprint(index), "two keys are read");
    deepStrictEqual(await accesses.readAll(token), valuesOf(index, size), "all keys are read");
  }
  const nobody = await accesses.read(accesses.strangerToken());
  strictEqual(nobody, undefined, "a stranger has no session");

  await proveExtension(accesses, tokens.at(0));
  await proveChanges(accesses, tokens, indexes, size);

  const created = await accesses.readAll(await accesses.create(tokens.count));
  deepStrictEqual(created, valuesOf(tokens.count, size), "a new session is stored");
}

/** For the session with index 0. */
async function proveExtension(accesses: Accesses, token: string): Promise<void> {
  if (accesses.extend === undefined) return;
  const before = await accesses.expiry?.(token);
  // One more, because timers can be early.
  await setTimeout((accesses.expiryStep ?? 1) + 1);
  await accesses.extend(token);
  const fingerprint = await accesses.read(token);
  strictEqual(fingerprint, expectedFingerprint(0), "an extended session is the same");
  if (before === undefined) return;
  const after = (await accesses.expiry?.(token)) ?? 0;
  strictEqual(after > before, true, "an extension moves the expiry");
}

/** All changes at once, as under load. */
async function proveChanges(
  accesses: Accesses,
  tokens: Tokens,
  indexes: readonly number[],
  size: Size,
): Promise<void> {
  const changed = await Promise.all(
    indexes.map((index) => accesses.change(tokens.at(index), index)),
  );
  for (const [index, token] of changed.entries()) {
    const fingerprint = await accesses.read(token);
    strictEqual(fingerprint, expectedFingerprint(index, 1), "a change is stored");
    const { views, ...others } = valuesOf(index, size);
    const values = await accesses.readAll(token);
    deepStrictEqual(values, { ...others, views: views + 1 }, "a change leaves the rest as it is");
  }
}
