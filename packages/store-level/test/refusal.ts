import { expect } from "@jest/globals";
import { LevelStore } from "@sess/store-level";
import { rejection } from "./scratch.ts";

/** Opening fails with that code, says where and why, and does not stay locked. */
export async function expectRefusal(location: string, code: string, why: RegExp): Promise<void> {
  for (let time = 0; time < 2; time += 1) {
    const error = await rejection(LevelStore.open(location));
    expect(error).toMatchObject({ name: "SessionError", code });
    expect(String(error)).toContain(location);
    expect(String(error)).toMatch(why);
  }
}
