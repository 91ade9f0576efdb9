import type { SessionRecord } from "@sess/core";
import { Random } from "./random.ts";

/** What is stored for the session with that number: always the same, and unlike any other. */
export function numberedRecord(number: number, revision = 1): SessionRecord {
  return {
    revision,
    createdAt: 0,
    expiresAt: 2 ** 42,
    owner: `owner ${number % 10}`,
    data: new Random(number * 1000 + revision).text(20 + ((number * 37) % 400)),
  };
}
