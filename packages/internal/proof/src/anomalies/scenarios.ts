import { after, type Drawn, type Scene, type Step, took, updateWith } from "../oracle/steps.ts";
import type { Answer, Subject } from "../oracle/subject.ts";
import { LOAD, own, type Scenario } from "./scenario.ts";

const save = own("save", (session) => session.save());
const flash = own("flash", (session) => session.flash("info", "saved"));
const takeFlash = own("takeFlash", (session) => session.takeFlash("info"));
const reload = own("reload", (session) => session.reload());
const regenerate = own("regenerate", (session) => session.regenerate());
const restart = own("regenerate, restart", (session) => session.regenerate({ restart: true }));
const clear = own("clear", (session) => session.clear());
const set = (key: string) => own(`set ${key}`, (session) => session.set(key, true));
const remove = own("delete", (session) => session.delete("list"));
const signIn: Step = {
  name: "sign in",
  act: ({ object, person }) => {
    if (object) object.owner = person;
  },
};

const createNew: Step = {
  name: "create",
  act: (scene) => {
    scene.object = scene.sessions.create();
    return scene.show(scene.object);
  },
};
const open: Step = { name: "open", act: (scene) => took(scene, scene.sessions.open(scene.id)) };

const count: Drawn<Subject> = {
  name: "count",
  act: (session) => session.set("count", Number(session.get("count") ?? 0) + 1),
};

/** Steps whose answer a call that failed, or was sent twice, may have changed. */
const silent = (name: string, act: (scene: Scene) => Answer<unknown>): Step => ({
  name,
  act: (scene) => after(act(scene), () => undefined),
});
const endOwn = own("destroy", (session) => session.destroy());
const endById = silent("destroy", ({ sessions, id }) => sessions.destroy(id));
const revoke = silent("revoke", ({ sessions, handle }) => sessions.revoke(handle));
const revokeOwned = silent("revoke", ({ sessions, handle, person: owner }) =>
  sessions.revoke(handle, { owner }),
);
const revokeOfAnother: Step = {
  name: "revoke, bob",
  act: ({ sessions, handle }) => sessions.revoke(handle, { owner: "bob" }),
};
const revokeAll = silent("revokeAll", ({ sessions, person }) => sessions.revokeAll(person));
/** Whoever has no session any more has to sign in again. */
const revokeOthers = silent("revokeAll, except", ({ sessions, person, object: except }) =>
  except ? sessions.revokeAll(person, { except }) : undefined,
);
const list = (whose: "the person's" | "all"): Step => ({
  name: `list ${whose}`,
  act: ({ sessions, person }) =>
    after(whose === "all" ? sessions.list() : sessions.list(person), (found) =>
      found.flatMap(({ owner, handle }) => (owner === person ? [handle] : [])).sort(),
    ),
});
const reloadSilently = silent("reload", ({ object }) => object?.reload());
const saveSilently = silent("save", ({ object }) => object?.save());
const sweep = silent("sweep", ({ sessions }) => sessions.sweep());

const saving: readonly Scenario[] = [
  { name: "a first save", ready: [createNew, signIn, set("a"), flash], act: [save] },
  { name: "a save", ready: [LOAD, set("a")], act: [save] },
  { name: "a save over another's", ready: [LOAD, set("a")], others: [set("b"), save], act: [save] },
  { name: "a deleted key", ready: [LOAD, remove], act: [save] },
  {
    name: "a clear() over another's save",
    ready: [LOAD, clear, set("a")],
    others: [set("b"), save],
    act: [save],
  },
  {
    name: "a reload",
    ready: [LOAD, set("a")],
    others: [set("b"), save],
    act: [reload],
  },
  { name: "an update", act: [updateWith([count])], ifFailed: "lost" },
  { name: "an update of a session that has ended", others: [endOwn], act: [updateWith([count])] },
];

const flashing: readonly Scenario[] = [
  { name: "a flash message", ready: [LOAD, flash], act: [save] },
  { name: "a takeFlash()", ready: [LOAD, set("a")], act: [takeFlash, save] },
  {
    name: "a takeFlash() over another's message",
    ready: [LOAD, set("a")],
    others: [flash, save],
    act: [takeFlash, save],
  },
  {
    name: "a takeFlash() in an update",
    act: [updateWith([{ name: "takeFlash", act: (session) => session.takeFlash("info") }])],
    ifFailed: "lost",
  },
];

const reading: readonly Scenario[] = [
  { name: "a load", act: [LOAD] },
  { name: "an open", act: [open] },
  { name: "an open of a session that has ended", others: [endOwn], act: [open] },
  { name: "a list of an owner", devices: 2, others: [regenerate], act: [list("the person's")] },
  { name: "a list of all", devices: 2, others: [regenerate], act: [list("all")] },
];

const regenerating: readonly Scenario[] = [
  { name: "a regenerate", ready: [LOAD, set("a")], act: [regenerate] },
  { name: "a regenerate that restarts", ready: [LOAD, set("a")], act: [restart] },
  {
    name: "a regenerate over another's save",
    ready: [LOAD, set("a")],
    others: [set("b"), save],
    act: [regenerate],
  },
  {
    name: "a regenerate of a new session, and its save",
    ready: [createNew, signIn],
    act: [regenerate, save],
  },
  { name: "a regenerate of a session that has ended", others: [endOwn], act: [regenerate] },
];

/** Ways to end a session, and whether they get over failures. */
const ENDS = [
  { name: "a destroy() of an object", act: [endOwn] },
  { name: "a destroy() by id", act: [endById] },
  { name: "a revoke()", act: [revoke] },
  { name: "a revoke() by its owner", act: [revokeOwned] },
  { name: "a revokeAll()", act: [revokeAll], mends: true },
];

const ending: readonly Scenario[] = [
  ...ENDS,
  ...ENDS.map((end) => ({
    ...end,
    name: `${end.name} of a session that has moved`,
    others: [regenerate],
  })),
  ...ENDS.map((end) => ({
    ...end,
    name: `${end.name} of a session that is moving`,
    meanwhile: [regenerate],
  })),
  { name: "a revoke() of a session of another owner", act: [revokeOfAnother] },
  { name: "a revokeAll() of three", devices: 2, act: [revokeAll], mends: true },
  { name: "a revokeAll() but one", devices: 2, act: [revokeOthers], mends: true },
  {
    name: "a revokeAll() but one, of others that have moved",
    devices: 2,
    others: [regenerate],
    act: [revokeOthers],
    mends: true,
  },
];

export const lasting: readonly Scenario[] = [
  { name: "an extension", act: [saveSilently, LOAD] },
  {
    name: "an extension of a session that has moved",
    others: [regenerate],
    act: [saveSilently],
    needsTouch: true,
  },
  { name: "a sweep", act: [sweep], isSweep: true },
];

/** The requests of a day. */
const requests: readonly Scenario[] = [
  {
    name: "a sign-in",
    ready: [open, signIn, set("who")],
    act: [restart, set("greeted"), save],
  },
  {
    name: "a change of password",
    devices: 2,
    act: [revokeOthers, regenerate],
    // Its revokeAll() meets again, in its next pass, what it could not end.
    mends: true,
  },
  {
    name: "a form that is sent, and the page after it",
    ready: [],
    act: [LOAD, set("saved"), flash, save, LOAD, takeFlash, save],
  },
  {
    name: "three saves at once",
    ready: [LOAD, set("a")],
    besides: [
      [LOAD, set("b")],
      [LOAD, set("c")],
    ],
    act: [saveSilently],
  },
  {
    name: "three updates at once",
    besides: [[LOAD], [LOAD]],
    act: [updateWith([count])],
    ifFailed: "lost",
  },
  { name: "three readers of a message at once", besides: [[LOAD], [LOAD]], act: [takeFlash] },
];

/** All that a manager and a session do with a store, alone and as the requests of a day. */
export const scenarios: readonly Scenario[] = [
  ...saving,
  ...flashing,
  ...reading,
  ...regenerating,
  ...ending,
  ...lasting,
  ...requests,
];

const FIRST = { save, takeFlash, regenerate };
const SECOND = { save, takeFlash, regenerate, reload: reloadSilently };

/** Whoever met a failure need not do the same again. */
export const secondThoughts: readonly Scenario[] = Object.entries(FIRST).flatMap(
  ([name, first]) => {
    const mayHaveMoved = first === regenerate;
    const instead = (what: string, act: Step, others: readonly Step[] = []): Scenario => {
      const isEnd = act === endOwn || others.includes(endOwn);
      return {
        name: `a ${act.name}() after a ${name}() that failed${what}`,
        ready: [LOAD, set("a"), flash],
        act: [first],
        instead: {
          others,
          act,
          mayHaveMoved: mayHaveMoved && !isEnd,
          clearsAway: isEnd && (act === endOwn || act === regenerate),
        },
        ifFailed: knowledge(first, others),
      };
    };
    return [
      ...Object.values(SECOND).flatMap((second) => [
        instead("", second),
        instead(" and another's save", second, [set("b"), save]),
      ]),
      ...[endOwn, ...Object.values(SECOND)].map((second) =>
        instead(" and another's end", second, [endOwn]),
      ),
      instead("", endOwn),
    ];
  },
);

/** What comes after a first save that may have happened. */
export const unsureFirstSaves: readonly Scenario[] = [endOwn, regenerate, takeFlash].map((act) => ({
  name: `a ${act.name}() after a first save that failed`,
  ready: [createNew, signIn, set("a"), flash],
  act: [save],
  instead: { others: [], act, mayHaveMoved: false, clearsAway: false },
  ifFailed: "unknown",
}));

/** What is said of a call that failed, when something else comes after it. */
function knowledge(first: Step, others: readonly Step[]): Scenario["ifFailed"] {
  if (first === regenerate) return "again";
  // Under another's save, an attempt of unknown outcome cannot be recognised any more.
  if (others.includes(save)) return "lost";
  return first === save ? "unknown" : "again";
}
