import { coreTests as tests } from "./core-tests.ts";
import { type Guard, guardsOf } from "./guard.ts";

/** What operations promise in spite of others. */
export const operationGuards: readonly Guard[] = [
  ...guardsOf(
    "packages/core/src/operations/save.ts",
    tests("parallel-saves", "extending", "destroyed", "new-session", "unknown", "update"),
    [
      [
        "A refused save passes for written.",
        "if (isWritten) state.accept(next, edits);\n  return isWritten;",
        "state.accept(next, edits);\n  return true;",
      ],
      [
        "A touch prolongs what leads to a new id.",
        "records.touch(handle, expiresAt, record.revision)",
        "records.touch(handle, expiresAt, undefined as unknown as number)",
      ],
      [
        "Visitors who hold nothing fill the store.",
        "if (state.isNew && holdsNothing(edits)) return;",
        "",
      ],
      ["A save of unknown outcome is forgotten.", "if (!isWritten) doubt(state, next, edits);", ""],
    ],
  ),
  ...guardsOf("packages/core/src/operations/take-flash.ts", tests("flash"), [
    [
      "A flash message is shown to each of several readers.",
      "return { ...NO_EDITS, taken };",
      "return NO_EDITS;",
    ],
  ]),
  ...guardsOf("packages/core/src/operations/update.ts", tests("update", "unknown", "destroyed"), [
    [
      "A refused update is reported as done.",
      "if (!snapshot || !adopt(state, snapshot)) continue;",
      "if (!snapshot) continue;",
    ],
  ]),
  ...guardsOf("packages/core/src/operations/pace.ts", tests("conflict"), [
    [
      "A call that is refused again and again is tried for longer than its time.",
      "deadline ??= now + PATIENCE;",
      "deadline ??= now + 1.05 * PATIENCE;",
    ],
  ]),
  ...guardsOf("packages/core/src/operations/end.ts", tests("destroy", "regenerate", "revoke"), [
    ["A session slips out of its end by changing its id.", "if (next) return next;", ""],
    [
      "A session moves on between the look and the deletion.",
      "records.delete(handle, record.revision)",
      "records.delete(handle)",
    ],
    [
      "A damaged session cannot be ended.",
      "if (owner !== undefined || !isDamaged) throw error;",
      "throw error;",
    ],
    [
      "A clock that is set back revives what was destroyed.",
      "if (!record) return owner === undefined && records.delete(handle);",
      "if (!record) return false;",
    ],
  ]),
  ...guardsOf("packages/core/src/operations/end.ts", tests("revoke", "owners"), [
    [
      "One user ends another's session.",
      "if (owner !== undefined && record.owner !== owner) return false;",
      "",
    ],
  ]),
  ...guardsOf("packages/core/src/operations/revoke-all.ts", tests("revoke", "owners"), [
    [
      "A session that changed its id during a sign-out everywhere survives.",
      "total += ended;",
      "total += ended;\n    if (ended > 0) return total;",
    ],
    [
      "One damaged record shields all others.",
      "ends.push(endOne(handle, record).catch(fail));",
      "await endOne(handle, record);",
    ],
    [
      "The session that asked is signed out, too.",
      "new Set(except ? [except] : [])",
      "new Set<string>()",
    ],
  ]),
  ...guardsOf("packages/core/src/operations/regenerate.ts", tests("regenerate"), [
    [
      "After a failed regenerate a second session lives on.",
      "if (isKnown && state.successor) {",
      "if (isKnown && !state.successor) {",
    ],
    ["The old id stays good.", "if (!(await replace(state, successor))) {", "if (!successor) {"],
    [
      "A new id brings back a session that was ended meanwhile.",
      "if (successorIn(old) !== successor.handle) throw gone();",
      "",
    ],
    [
      "A save that came between is lost with the old id.",
      "        pace.end(false);\n        continue;\n",
      "        pace.end(false);\n",
    ],
  ]),
  ...guardsOf("packages/core/src/session.ts", tests("one-object", "parallel"), [
    [
      "Two calls on one object run into each other.",
      "this.#last ? this.#last.then(task, task) : task()",
      "task()",
    ],
  ]),
];
