import { coreTests as tests } from "./core-tests.ts";
import { type Guard, guardsOf } from "./guard.ts";

/** What one object holds over the stored state. */
export const stateGuards: readonly Guard[] = [
  ...guardsOf(
    "packages/core/src/state/session-state.ts",
    tests("changes-in-place", "changes", "parallel-values", "values", "one-object"),
    [
      [
        "A value changed in place is not saved.",
        "if (isObject(value)) this.#hold(key, { value, text, changed: false });",
        "",
      ],
      [
        "A stale object overwrites another's change.",
        "if (!held.changed && this.#stored(key) !== held.text) this.#held?.delete(key);",
        "",
      ],
      [
        "A clear() during a save is taken for saved.",
        "if (this.#cleared === cleared) this.#cleared = undefined;",
        "this.#cleared = undefined;",
      ],
    ],
  ),
  ...guardsOf(
    "packages/core/src/operations/attempt.ts",
    tests("unknown", "sent-twice", "id-collision", "one-object", "fail-closed"),
    [
      [
        "Another session under the same id is mixed with this one.",
        "if (isOther || record.createdAt !== createdAt) throw gone();",
        "",
      ],
      [
        "A save of unknown outcome that has happened is applied again.",
        "const landed = state.doubts?.get(newest.nonce);",
        "const landed = undefined as Edits | undefined;",
      ],
      [
        "Messages that were removed by a save of unknown outcome are lost.",
        "state.messages = [...landed.taken, ...state.messages];",
        ";",
      ],
    ],
  ),
];
