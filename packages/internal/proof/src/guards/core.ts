import { coreTests as tests } from "./core-tests.ts";
import { type Guard, guardsOf } from "./guard.ts";

/** What keeps ids and their holders safe. */
const identity = [
  ...guardsOf("packages/core/src/identity.ts", tests("secrecy", "ids", "hostile"), [
    [
      "The store sees ids that can be used.",
      `this.handle = \`~\${hash("sha256", id, "base64url")}\`;`,
      `this.handle = id;`,
    ],
    [
      "Whatever a client sends is asked for in the store.",
      `return typeof id === "string" && ID.test(id) ? new Identity(id) : undefined;`,
      `return typeof id === "string" ? new Identity(id) : undefined;`,
    ],
    [
      "What is no handle reaches the store.",
      `return typeof value === "string" && HANDLE.test(value);`,
      `return typeof value === "string";`,
    ],
  ]),
  ...guardsOf("packages/core/src/random.ts", tests("ids", "random-source"), [
    ["Two sessions get the same random bytes.", "used += bytes;", "used += 0;"],
    ["The ids that were handed out stay in memory.", "pool.fill(0, start, used);", ""],
  ]),
  ...guardsOf(
    "packages/core/src/manager.ts",
    tests("ids", "new-session", "owners", "revoke", "call-options"),
    [
      [
        "An owner that is undefined ends anybody's session.",
        `if ("owner" in options) mustBe(OWNER, "owner", owner);`,
        "",
      ],
    ],
  ),
];

/** How long sessions live. */
const lifetime = guardsOf(
  "packages/core/src/lifetime.ts",
  tests("lifetime", "extending", "lifetime-options"),
  [
    [
      "Activity keeps a session alive for ever.",
      "Math.min(now + idle, createdAt + absolute)",
      "now + idle",
    ],
    [
      "A record is written that has expired already.",
      "  if (expiresAt <= now) throw gone();\n",
      "",
    ],
    [
      "A tightened absolute timeout waits for old sessions to end.",
      "Math.min(record.expiresAt, record.createdAt + absolute) > Date.now()",
      "record.expiresAt > Date.now()",
    ],
  ],
);

/** The store as core uses it. */
const store = [
  ...guardsOf(
    "packages/core/src/records.ts",
    tests("store-failures", "closing", "regenerate", "lifetime", "fail-closed"),
    [
      [
        "A store's failure is no SessionError.",
        "if (cause instanceof SessionError) return cause;",
        "if (cause) return cause as SessionError;",
      ],
    ],
  ),
  ...guardsOf(
    "packages/core/src/options.ts",
    tests("options", "call-options", "lifetime-options"),
    [
      [
        "A misspelt option leaves a limit at its default.",
        "if (!rule)\n      throw",
        "if (!rule) continue;\n    if (name === undefined)\n      throw",
      ],
    ],
  ),
  ...guardsOf("packages/core/src/owner.ts", tests("owner"), [
    ["NUL reaches the store in an owner.", "[\\0\\p{Cs}]", "[\\p{Cs}]"],
  ]),
];

export const coreGuards: readonly Guard[] = [...identity, ...lifetime, ...store];
