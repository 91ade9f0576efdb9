import { test } from "@jest/globals";
import { missingSmallDisk } from "@sess/test-support";

/** The gate (`.ci/run`) sets SESS_REQUIRE_ALL: there nothing is skipped. */
const missing = process.env["SESS_REQUIRE_ALL"] === "1" ? undefined : missingSmallDisk();

/** `test`, or `test.skip` where no small disk can be mounted; the title then says so. */
export function testOnSmallDisk(title: string, run: () => Promise<void>): void {
  if (missing === undefined) test(title, run);
  else test.skip(`${title} (skipped: ${missing})`, run);
}
