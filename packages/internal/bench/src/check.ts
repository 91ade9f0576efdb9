import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import type { Sessions } from "./contender.ts";
import { expected, type Size, valuesOf } from "./session-values.ts";
import type { Tokens } from "./tokens.ts";

/** As many as are under way at once where most are. */
const CHECKED = 64;

/**
 * Proves on the first sessions that a contender reads what was stored and stores what it changes, so
 * that nobody is timed doing nothing. Rejects where it does not.
 */
export async function check(sessions: Sessions, tokens: Tokens, size: Size): Promise<void> {
  const indexes = Array.from({ length: Math.min(CHECKED, tokens.count) }, (_, index) => index);
  for (const index of indexes) {
    const token = tokens.at(index);
    strictEqual(await sessions.read(token), expected(index), "two keys are read");
    deepStrictEqual(await sessions.readAll(token), valuesOf(index, size), "all keys are read");
  }
  strictEqual(await sessions.read(await sessions.stranger()), undefined, "a stranger has none");

  await checkExtension(sessions, tokens.at(0), 0);
  const changed = await Promise.all(
    indexes.map((index) => sessions.change(tokens.at(index), index)),
  );
  for (const [index, token] of changed.entries()) {
    strictEqual(await sessions.read(token), expected(index, 1), "a change is stored");
    const { views, ...others } = valuesOf(index, size);
    const values = await sessions.readAll(token);
    deepStrictEqual(values, { ...others, views: views + 1 }, "a change leaves the rest as it is");
  }

  const created = await sessions.create(tokens.count);
  deepStrictEqual(
    await sessions.readAll(created),
    valuesOf(tokens.count, size),
    "a new one is stored",
  );
}

async function checkExtension(sessions: Sessions, token: string, index: number): Promise<void> {
  if (sessions.extend === undefined) return;
  const before = await sessions.expiry?.(token);
  await setTimeout(2);
  await sessions.extend(token);
  strictEqual(await sessions.read(token), expected(index), "an extended session is the same");
  if (before === undefined) return;
  const moved = ((await sessions.expiry?.(token)) ?? 0) > before;
  strictEqual(moved, true, "an extension moves the expiry");
}
