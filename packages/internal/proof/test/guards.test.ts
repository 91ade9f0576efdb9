import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { allGuards } from "../src/guards/all-guards.ts";
import { removed } from "../src/guards/removal.ts";

const ROOT = join(__dirname, "../../../..");

describe("each guard that is taken out by `npm run guards`", () => {
  test.each(allGuards.map((guard) => [`${guard.without} (${guard.file})`, guard] as const))(
    "stands in the source: %s",
    (_, guard) => {
      const source = readFileSync(join(ROOT, guard.file), "utf8");
      expect(removed(source, guard)).not.toBe(source);
    },
  );
});
