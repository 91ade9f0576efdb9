import { describe, expect, test } from "@jest/globals";
import { parseChangeNote, readChangeNotes, withVersion } from "../src/change-notes.ts";
import { ROOT } from "../src/packages.ts";

const PUBLISHED = ["core", "store-level"];

const LOG = "# Changes to `@sess/core`\n\nIntroduction.\n\n## 0.1.0\n\nThe first version.\n";

test("every note of .changes keeps to the convention", () => {
  expect(() => readChangeNotes(ROOT)).not.toThrow();
});

test("a note names its packages, its kind and the change", () => {
  const text = "core, store-level: fixed\n\n`list()` no longer skips the last page.\n";
  expect(parseChangeNote(text, PUBLISHED)).toEqual({
    packages: ["core", "store-level"],
    kind: "fixed",
    sentence: "`list()` no longer skips the last page.",
  });
});

describe("a note is refused", () => {
  test.each([
    ["without a change", "core: fixed\n", "a note is the line"],
    ["with more than one line of text", "core: fixed\n\nOne.\n\nTwo.\n", "a note is the line"],
    ["of an unknown kind", "core: improved\n\nFaster.\n", "the kind is one of"],
    ["of an unknown package", "store-leveldb: fixed\n\nA leak.\n", "no published package"],
  ])("%s", (_, text, message) => {
    expect(() => parseChangeNote(text, PUBLISHED)).toThrow(message);
  });
});

describe("a changelog gets", () => {
  test("a section above the older ones, what breaks first", () => {
    const notes = [
      { packages: ["core"], kind: "fixed", sentence: "B." },
      { packages: ["core"], kind: "breaking", sentence: "A." },
    ] as const;
    expect(withVersion(LOG, "0.2.0", notes)).toBe(
      LOG.replace("## 0.1.0", "## 0.2.0\n\n- **Breaking:** A.\n- **Fixed:** B.\n\n## 0.1.0"),
    );
  });

  test("a section also where the package has no change", () => {
    expect(withVersion(LOG, "0.2.0", [])).toContain("## 0.2.0\n\nNo changes: released");
  });
});
