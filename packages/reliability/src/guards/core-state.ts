import { coreTests as tests } from "./core-tests.ts";
import { type Guard, guardsOf } from "./guard.ts";

/** What one object holds over the stored state. */
export const stateGuards: readonly Guard[] = [
  ...guardsOf(
    "packages/core/src/state/values.ts",
    tests("changes-in-place", "changes", "parallel-values", "values", "one-object"),
    [
      [
        "A value changed in place is not saved.",
        "if (isObject(value)) this.#hold(key, { value, text, changed: false });",
        "",
      ],
      [
        "A stale object overwrites another's change.",
        "if (this.fields.value(key) !== text) this.#held.delete(key);",
        "",
      ],
      [
        "A clear() during a save is taken for saved.",
        "if (this.cleared === cleared) this.cleared = undefined;",
        "this.cleared = undefined;",
      ],
    ],
  ),
  ...guardsOf(
    "packages/core/src/state/session-state.ts",
    tests("unknown", "sent-twice", "id-collision", "one-object", "fail-closed"),
    [
      [
        "Another session under the same id is mixed with this one.",
        "if (isOther || newest.record.createdAt !== createdAt) throw gone();",
        "",
      ],
      [
        "A save of unknown outcome that has happened is applied again.",
        "const landed = this.#doubts?.get(newest.marker.nonce);",
        "const landed = undefined as Edits | undefined;",
      ],
      [
        "Messages that were removed by a save of unknown outcome are lost.",
        "this.draft.messages = [...landed.taken, ...this.draft.messages];",
        ";",
      ],
    ],
  ),
];
