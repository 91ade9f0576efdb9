import { coreTests as tests } from "./core-tests.ts";
import { type Guard, guardsOf } from "./guard.ts";

/** What records may hold and what is made of them. */
export const formatGuards: readonly Guard[] = [
  ...guardsOf("packages/core/src/format/strict-json.ts", tests("strict-values"), [
    ["Deep nesting overflows the stack.", "if (outer.length > MAX_DEPTH)", "if (outer.length < 0)"],
    [
      "A Date becomes a text in silence.",
      "if (root && Object.getPrototypeOf(root))",
      "if (root === undefined)",
    ],
  ]),
  ...guardsOf(
    "packages/core/src/format/record-format.ts",
    tests(
      "damaged-records",
      "data-format",
      "encrypt",
      "codecs",
      "unreadable-records",
      "store-calls",
      "regenerate",
    ),
    [
      [
        "A record of another codec is read as a wrong value.",
        `kind !== encoding.kind || (encrypt !== "migrate" && encrypt !== isSealed)`,
        `encrypt !== "migrate" && encrypt !== isSealed`,
      ],
      [
        "Whoever can write to the store makes up a session where all should be sealed.",
        `(encrypt !== "migrate" && encrypt !== isSealed)`,
        "(isSealed && !encrypt)",
      ],
      [
        "A record that was cut passes for whole.",
        `if (fields.length - 1 !== Number(length) || !fields.endsWith("\\n"))`,
        "if (fields.length === 0)",
      ],
      [
        "An old id passes for a damaged record.",
        "if (!marker && successorIn(record)) return undefined;",
        "",
      ],
      ["A session grows without bound.", "if (bytes > maxBytes) {", "if (bytes < 0) {"],
    ],
  ),
  ...guardsOf("packages/core/src/format/seal.ts", tests("encryption"), [
    ["A tag cut to four bytes is let in.", "{ authTagLength: TAG_BYTES }", "{}"],
    [
      "An older state can be put back under a newer revision.",
      ", handle, revision, createdAt, owner])",
      ", handle, createdAt, owner])",
    ],
  ]),
  ...guardsOf("packages/core/src/format/encoding.ts", tests("codecs", "unreadable-records"), [
    ["An error quotes stored data.", "codec && { cause }", "{ cause }"],
  ]),
];
