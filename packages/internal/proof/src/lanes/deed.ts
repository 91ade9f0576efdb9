import { textOf } from "../oracle/answers.ts";
import type { Sessions, Subject } from "../oracle/subject.ts";

/** What one lane does to one of its sessions. */
export interface Deed {
  readonly act: string;
  /** The id that the session has before. */
  readonly id: string;
  readonly text: string;
  /** When it began, in ms since the epoch. */
  readonly at: number;
}

export interface Outcome {
  /** What the lane was told, as text. */
  readonly answer: string;
  /** The id that the session has afterwards; undefined where it has ended. */
  readonly id: string | undefined;
}

/** What a process with lanes is to do. */
export interface Orders {
  readonly location: string;
  readonly sync: boolean;
  readonly seed: number;
  /** The ids that each lane starts with. */
  readonly lanes: readonly (readonly string[])[];
  /** Nothing that ends a session, which would take unsynced saves along to the disk. */
  readonly savesOnly?: boolean;
}

/** What it reports, each as a line of JSON. */
export type Report =
  | { readonly is: "opening" | "open" }
  | { readonly is: "begun"; readonly lane: number; readonly deed: Deed }
  | { readonly is: "done"; readonly lane: number; readonly outcome: Outcome }
  | { readonly is: "failed"; readonly lane: number; readonly error: string };

type Act = (session: Subject, text: string, sessions: Sessions) => unknown;

/** On a session that is there. */
const ACTS: Record<string, Act> = {
  save(session, text) {
    session.set("text", text);
    return session.save();
  },
  async count({ id }, _, sessions) {
    const count = (fresh: Subject) => fresh.set("count", Number(fresh.get("count")) + 1);
    return (await sessions.update(id, [count]))?.answers;
  },
  flash(session, text) {
    session.flash("note", text);
    return session.save();
  },
  take: (session) => session.takeFlash("note"),
  touch: (session) => session.save(),
  regenerate: (session) => session.regenerate(),
  destroy: (session) => session.destroy(),
  revoke: ({ handle }, _, sessions) => sessions.revoke(handle),
};

/** The names of the acts, as often as they are to come up. */
export const DRAWN_ACTS = [...Object.keys(ACTS), "save", "save", "count", "flash"];

const ENDS: ReadonlySet<string> = new Set(["destroy", "revoke"]);

export function ownerOf(lane: number): string {
  return `lane ${lane}`;
}

/**
 * Does it, with real sessions or with the oracle.
 *
 * @param created - The session that the deed is to create, not saved yet.
 */
export async function perform(
  sessions: Sessions,
  { act, id, text }: Deed,
  created?: Subject,
): Promise<Outcome> {
  const session = created ?? (await sessions.load(id));
  if (session === undefined) throw new Error("A live session is gone.");
  const answer = textOf(await (created ? created.save() : ACTS[act]?.(session, text, sessions)));
  return { answer, id: ENDS.has(act) ? undefined : session.id };
}

/** Gives a new session its owner and its first values. */
export function begin(created: Subject, lane: number, text: string): void {
  created.owner = ownerOf(lane);
  created.set("count", 0);
  created.set("text", text);
}
