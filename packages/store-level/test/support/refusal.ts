import { expect } from "@jest/globals";
import type { SessionErrorCode } from "@sess/core";
import { LevelStore } from "@sess/store-level";
import { expectCode } from "@sess/test-support";

/** Opening fails with that code, says where and why, and does not leave the directory locked. */
export async function expectRefusal(
  location: string,
  code: SessionErrorCode,
  why: RegExp,
): Promise<void> {
  for (let time = 0; time < 2; time += 1) {
    const { message } = await expectCode(LevelStore.open(location), code);
    expect(message).toContain(location);
    expect(message).toMatch(why);
  }
}
