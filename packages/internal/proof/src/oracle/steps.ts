import fc from "fast-check";
import { after, GivenUp } from "./answers.ts";
import type { Answer, Sessions, Subject } from "./subject.ts";

/** Something to be done, with what was drawn for it. */
export interface Drawn<Target> {
  readonly name: string;
  act(target: Target): unknown;
}

/** Where a step is taken: with real sessions, or with the oracle in their place. */
export interface Scene<S extends Subject = Subject> {
  readonly sessions: Sessions<S>;
  /** The session object at hand. */
  object: S | undefined;
  /** An id that the session has or had. */
  readonly id: string;
  readonly handle: string;
  /** The session's owner at first. */
  readonly person: string;
  /** What is to be seen of the object after a step. */
  show(object: Subject): string;
}

export type Step = Drawn<Scene>;

/** What each session holds at first. */
export function fill(session: Subject, owner = "ada"): Answer<void> {
  session.set("list", [0]);
  session.set("cart", { tag: "x", list: [0] });
  session.flash("info", "hello");
  session.owner = owner;
  return session.save();
}

export const MINUTE = 60_000;
export const KINDS = ["info", "error"];

const none = fc.constant(undefined);
const key = fc.constantFrom("a", "b", "list", "cart", "__proto__", '"list"');
const kind = fc.constantFrom(...KINDS);
const owner = fc.constantFrom("ada", "bob");
const ownerOrNone = fc.option(owner, { nil: undefined });

/** As text, so that each side is given a value of its own. */
const text = fc.oneof(
  fc.integer().map((number) => JSON.stringify(number)),
  fc.string({ unit: "grapheme", maxLength: 6 }).map((text) => JSON.stringify(text)),
  fc.constantFrom("null", "true", "[]", "[1]", '{"tag":"x","list":[2]}', '{"__proto__":{"a":1}}'),
);

/** Own timeouts that are set again or taken away. */
const newLifetime = fc.constantFrom(
  {},
  {},
  { idleTimeout: 2 * MINUTE },
  { idleTimeout: null },
  { absoluteTimeout: null },
  { idleTimeout: 180 * MINUTE, absoluteTimeout: 360 * MINUTE },
);

const lifetime = fc.constantFrom(
  {},
  { idleTimeout: 2 * MINUTE },
  { absoluteTimeout: 10 * MINUTE },
  { idleTimeout: 180 * MINUTE, absoluteTimeout: 360 * MINUTE },
);

/** A step or an edit of this name, with parameters that are drawn. */
export function draw<Target, Parameters>(
  name: string,
  parameters: fc.Arbitrary<Parameters>,
  act: (target: Target, parameters: Parameters) => unknown,
): fc.Arbitrary<Drawn<Target>> {
  return parameters.map((drawn) => {
    const told = drawn === undefined ? "" : ` ${JSON.stringify(drawn)}`;
    return { name: name + told, act: (target) => act(target, drawn) };
  });
}

/** Values that were handed out, to be changed when the session may hold others. */
const kept = new WeakMap<Subject, unknown>();

const setEdit = draw("set", fc.tuple(key, text), (on: Subject, [key, text]) => {
  on.set(key, JSON.parse(text));
});

const localEdit = fc.oneof(
  setEdit,
  draw("get", key, (on: Subject, key) => on.get(key)),
  draw("has", key, (on: Subject, key) => on.has(key)),
  draw("delete", key, (on: Subject, key) => on.delete(key)),
  draw("pop", key, (on: Subject, key) => on.pop(key)),
  draw("push", key, (on: Subject, key) => push(on.get(key))),
  draw("clear", none, (on: Subject) => on.clear()),
  draw("flash", fc.tuple(kind, text), (on: Subject, [kind, text]) => {
    on.flash(kind, JSON.parse(text));
  }),
  draw("own", ownerOrNone, (on: Subject, owner) => {
    on.owner = owner;
  }),
);

const keepingEdit = fc.oneof(
  draw("keep", key, (on: Subject, key) => void kept.set(on, on.get(key))),
  draw("push kept", none, (on: Subject) => push(kept.get(on))),
);

const takeFlash = draw("takeFlash", kind, (on: Subject, kind) => on.takeFlash(kind));

const savingEdit = fc.oneof(
  { weight: 5, arbitrary: draw("save", none, (on: Subject) => on.save()) },
  { weight: 2, arbitrary: takeFlash },
  { weight: 1, arbitrary: draw("reload", none, (on: Subject) => on.reload()) },
  {
    weight: 2,
    arbitrary: draw(
      "regenerate",
      fc.tuple(fc.boolean(), newLifetime),
      (on: Subject, [restart, own]) => on.regenerate({ restart, ...own }),
    ),
  },
  { weight: 1, arbitrary: draw("destroy", none, (on: Subject) => on.destroy()) },
);

/** Inside `update()` saving is refused, and one edit gives up. */
const updateEdit = fc.oneof(
  { weight: 10, arbitrary: localEdit },
  { weight: 3, arbitrary: takeFlash },
  { weight: 1, arbitrary: savingEdit },
  { weight: 1, arbitrary: draw("give up", none, giveUp) },
);

export const load = fc.constant<Step>({ name: "load", act: loadObject });

/** The step that does this with the object at hand. Whoever has none tries to get one. */
export function onObject({ name, act }: Drawn<Subject>): Step {
  return {
    name,
    act: (scene) => {
      const { object } = scene;
      if (object === undefined) return loadObject(scene);
      return after(act(object), (answer) => [answer, scene.show(object)]);
    },
  };
}

export const local = localEdit.map(onObject);
export const keeping = keepingEdit.map(onObject);
export const saving = savingEdit.map(onObject);

/** The step that makes these edits in one `update()`. */
export function updateWith(edits: readonly Drawn<Subject>[]): Step {
  return {
    name: `update ${edits.map(({ name }) => name).join(", ")}`,
    act: (scene) => {
      const acts = edits.map(({ act }) => act);
      return after(scene.sessions.update(scene.id, acts), (updated) => {
        if (updated === undefined) return undefined;
        scene.object = updated.session;
        return [updated.answers, scene.show(updated.session)];
      });
    },
  };
}

const updateEdits = fc.array(updateEdit, { maxLength: 4, size: "max" });

export const update = updateEdits.map(updateWith);

/** The step that makes these edits in one `session.update()` of the object at hand. */
function updateObjectWith(edits: readonly Drawn<Subject>[]): Step {
  return {
    name: `session.update ${edits.map(({ name }) => name).join(", ")}`,
    act: (scene) => {
      const { object, sessions } = scene;
      if (object === undefined) return loadObject(scene);
      const acts = edits.map(({ act }) => act);
      return after(sessions.updateObject(object, acts), (answers) => [answers, scene.show(object)]);
    },
  };
}

export const updateObject = updateEdits.map(updateObjectWith);

/** Without a change it reads, and extends the session afterwards: others may come in between. */
export const changingUpdate = fc
  .tuple(updateEdits, setEdit)
  .map(([edits, set]) => updateWith([...edits, set]));

export const changingUpdateObject = fc
  .tuple(updateEdits, setEdit)
  .map(([edits, set]) => updateObjectWith([...edits, set]));

export const create = draw("create", lifetime, (scene: Scene, own) => {
  scene.object = scene.sessions.create(own);
  return scene.show(scene.object);
});

export const open = draw("open", none, (scene: Scene) =>
  took(scene, scene.sessions.open(scene.id)),
);

export const lookup = draw("lookup", none, (scene: Scene) =>
  after(scene.sessions.lookup(scene.id), (found) => {
    if (found.status !== "live") return found;
    scene.object = found.session;
    return [found.status, scene.show(found.session)];
  }),
);

export const destroy = draw("destroy", none, ({ sessions, id }: Scene) => sessions.destroy(id));

export const revoke = draw("revoke", ownerOrNone, ({ sessions, handle }: Scene, owner) => {
  return sessions.revoke(handle, owner === undefined ? {} : { owner });
});

export const revokeAll = draw(
  "revokeAll",
  fc.tuple(owner, fc.boolean()),
  ({ sessions, object }: Scene, [owner, spares]) => {
    return sessions.revokeAll(owner, spares && object ? { except: object } : {});
  },
);

/** The same without a number: for a moment, a session that is getting a new id is there twice. */
export const signOutEverywhere = draw("revokeAll", owner, ({ sessions }: Scene, owner) => {
  return after(sessions.revokeAll(owner), () => undefined);
});

export const list = draw("list", ownerOrNone, ({ sessions }: Scene, owner) => {
  return after(sessions.list(owner), (found) => {
    const told = found.map(({ get, ...rest }) => ({ ...rest, a: get("a"), cart: get("cart") }));
    return told.sort((one, other) => (one.handle < other.handle ? -1 : 1));
  });
});

/** Gets an object of the session by its id. */
export function loadObject(scene: Scene): unknown {
  return took(scene, scene.sessions.load(scene.id));
}

/** Takes what `open()` or `load()` answers in hand. */
export function took(scene: Scene, answer: Answer<Subject | undefined>): unknown {
  return after(answer, (object) => {
    scene.object = object;
    return object && scene.show(object);
  });
}

/** Changes an array in place, as such or within an object. */
function push(value: unknown): void {
  if (Array.isArray(value)) value.push(value.length);
  else if (typeof value === "object" && value !== null && "list" in value) push(value.list);
}

function giveUp(): never {
  throw new GivenUp();
}
