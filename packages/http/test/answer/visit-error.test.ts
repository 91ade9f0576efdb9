import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { bundle } from "@sess/test-support";

test("an error of the layer has a proper class name once it is bundled: an uncaught one begins with it", () => {
  const { VisitError } = require(bundle(join(__dirname, "../../src/answer/visit-error.ts")));
  expect(VisitError.from(new Error("Down.")).constructor.name).toBe("VisitError");
});
