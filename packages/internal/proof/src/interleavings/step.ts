import { contentsOf } from "../model/outcome.ts";
import type { Sessions, Subject } from "../model/subject.ts";

/** What was acknowledged, by which it can be told what must be there at the end. */
export interface Facts {
  counted: number;
  readonly flashed: string[];
  readonly taken: string[];
  hasEnded: boolean;
  hasEndedAll: boolean;
  hasCleared: boolean;
  hasChangedHands: boolean;
}

/** Where a step takes place: at a holder of the session, or in the model of it. */
export interface Scene<S extends Subject = Subject> {
  readonly sessions: Sessions<S>;
  /** The holder's session object. */
  object: S | undefined;
  /** An id that the session has or had. */
  readonly id: string;
  readonly handle: string;
  /** Different for each step of a run. */
  readonly text: string;
  readonly facts: Facts;
}

/** One thing that a holder does. */
export interface Step {
  readonly do: string;
  /** Which of the ids that the session had: 0 is the newest. */
  readonly which: number;
}

type Act = (object: Subject, scene: Scene) => unknown;

/** Those that make do with an object; a holder that has none any more tries to get one. */
const ON_OBJECT: Record<string, Act> = {
  "set here, not saved": (object, { text }) => object.set("draft", text),
  "set the same as others": (object, { text }) => {
    object.set("shared", text);
    return object.save();
  },
  "set what no other sets": (object, { text }) => {
    object.set(`own ${text}`, text);
    return object.save();
  },
  "change in place": (object, { text }) => {
    const list = object.get("list");
    if (Array.isArray(list)) list.push(text);
    return object.save();
  },
  clear: (object, { facts }) => {
    object.clear();
    facts.hasCleared = true;
    return object.save();
  },
  flash: (object, { text, facts }) => {
    object.flash("info", text);
    return after(object.save(), () => void facts.flashed.push(text));
  },
  take: (object, { facts }) =>
    after(object.takeFlash("info"), (messages) => {
      if (Array.isArray(messages)) facts.taken.push(...messages);
      return messages;
    }),
  "change hands": (object, { facts }) => {
    facts.hasChangedHands = true;
    object.owner = object.owner === "ada" ? "bob" : "ada";
    return object.save();
  },
  save: (object) => object.save(),
  reload: (object) => object.reload(),
  regenerate: (object) => object.regenerate(),
};

const ON_SESSIONS: Record<string, (scene: Scene) => unknown> = {
  load,
  count: ({ sessions, id, facts }) => {
    const updated = sessions.update(id, [
      (session) => session.set("count", Number(session.get("count") ?? 0) + 1),
    ]);
    return after(updated, (done) => {
      if (done) facts.counted += 1;
      return done && contentsOf(done.session);
    });
  },
  "take in an update": ({ sessions, id, facts }) => {
    let taken: unknown;
    const take = (session: Subject) =>
      after(session.takeFlash("info"), (messages) => {
        taken = messages;
        return messages;
      });
    return after(sessions.update(id, [take]), (done) => {
      if (done && Array.isArray(taken)) facts.taken.push(...taken);
      return done && [done.answers, contentsOf(done.session)];
    });
  },
  "destroy by id": ({ sessions, id, facts }) =>
    after(sessions.destroy(id), () => {
      facts.hasEnded = true;
    }),
  revoke: ({ sessions, handle, facts }) =>
    after(sessions.revoke(handle), (ended) => {
      facts.hasEnded ||= ended;
      return ended;
    }),
  revokeAll: ({ sessions, facts }) =>
    // How many is not told: while a session moves on it is there twice, and may count so.
    after(sessions.revokeAll("ada"), () => {
      facts.hasEndedAll = true;
    }),
  "destroy here": (scene) => {
    if (scene.object === undefined) return load(scene);
    return after(scene.object.destroy(), () => {
      scene.facts.hasEnded = true;
      scene.object = undefined;
    });
  },
};

/** What can be done; what ends the session is the rarer half. */
export const STEPS: readonly string[] = [
  ...[...Object.keys(ON_OBJECT), "load", "count", "take in an update"].flatMap((each) => [
    each,
    each,
  ]),
  ...Object.keys(ON_SESSIONS),
];

/** Takes a step and gives what can be seen then. */
export function takeStep<S extends Subject>(step: Step, scene: Scene<S>): unknown {
  const onSessions = ON_SESSIONS[step.do];
  if (onSessions) return onSessions(scene);
  const { object } = scene;
  const onObject = ON_OBJECT[step.do];
  if (object === undefined || onObject === undefined) return load(scene);
  return after(onObject(object, scene), (answer) => [answer, contentsOf(object)]);
}

function load(scene: Scene): unknown {
  return after(scene.sessions.load(scene.id), (found) => {
    scene.object = found;
    return found && contentsOf(found);
  });
}

/** The same for what answers at once and what answers later. */
function after<T, R>(value: T | Promise<T>, then: (value: T) => R): R | Promise<R> {
  return value instanceof Promise ? value.then(then) : then(value);
}
