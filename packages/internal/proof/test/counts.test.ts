import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "@jest/globals";
import { writeCounts } from "../src/counts/table.ts";
import { scratch } from "../src/scratch.ts";

let page = "";

beforeEach(() => {
  page = join(scratch(), "page.md");
  writeFileSync(page, "before\n<!-- counts -->\n<!-- /counts -->\nafter\n");
});

const SAID = `  console noise
counted: kill -9, sync: true: 200 rounds, 0 lost
counted: model over a_b: 3,000 orders
`;

test("what a long run said it counted stands in the page, in order, and nothing else changes", () => {
  expect(writeCounts(page, SAID)).toBe(2);
  expect(readFileSync(page, "utf8")).toBe(`before
<!-- counts -->

| what                | counted            |
| ------------------- | ------------------ |
| kill -9, sync: true | 200 rounds, 0 lost |
| model over a\\_b     | 3,000 orders       |

<!-- /counts -->
after
`);
});

test("a later run renews what it counted, and leaves the rest", () => {
  writeCounts(page, SAID);
  writeCounts(page, "counted: model over a_b: 1 orders\ncounted: model over a_b: 7 orders\n");
  const text = readFileSync(page, "utf8");
  expect(text).toContain("| kill -9, sync: true | 200 rounds, 0 lost |");
  expect(text).toContain("| 7 orders           |");
  expect(text).not.toContain("3,000");
  expect(text.match(/^\|/gm)).toHaveLength(4);
});

test("a page without a place for them is left alone", () => {
  writeFileSync(page, "nothing");
  expect(() => writeCounts(page, SAID)).toThrow("must hold <!-- counts -->");
  expect(readFileSync(page, "utf8")).toBe("nothing");
});
