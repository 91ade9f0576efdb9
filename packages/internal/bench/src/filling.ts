import { randomBytes } from "node:crypto";
import type { Template } from "./session-values.ts";

const AT_ONCE = 1_000;
const ID_BYTES = 32;

/** An id, and a session's text. */
export type Entry = readonly [id: string, text: string];

/**
 * Stores sessions by handing their texts to `put`, many at once, and yields their tokens. Encoding
 * each would cost more time than to measure them.
 */
export async function* filled(
  count: number,
  template: Template,
  put: (entries: readonly Entry[]) => unknown,
  token: (id: string) => string = (id) => id,
): AsyncGenerator<string> {
  for (let start = 0; start < count; start += AT_ONCE) {
    const ids = newIds(Math.min(AT_ONCE, count - start));
    await put(ids.map((id, place) => [id, template.at(start + place)]));
    yield* ids.map(token);
  }
}

/** An id as @sess makes them. */
export function newId(): string {
  return randomBytes(ID_BYTES).toString("base64url");
}

function newIds(count: number): string[] {
  const bytes = randomBytes(count * ID_BYTES);
  const at = (place: number) => place * ID_BYTES;
  return Array.from({ length: count }, (_, place) =>
    bytes.toString("base64url", at(place), at(place + 1)),
  );
}
