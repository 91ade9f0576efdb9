import { after } from "../oracle/answers.ts";
import { type Drawn, type Scene, type Step, took } from "../oracle/steps.ts";
import type { Answer, Subject } from "../oracle/subject.ts";
import { own } from "./scenario.ts";

// What requests do with a session, step by step.

export const save = own("save", (session) => session.save());
export const flash = own("flash", (session) => session.flash("info", "saved"));
export const takeFlash = own("takeFlash", (session) => session.takeFlash("info"));
export const reload = own("reload", (session) => session.reload());
export const regenerate = own("regenerate", (session) => session.regenerate());
export const restart = own("regenerate, restart", (session) =>
  session.regenerate({ restart: true }),
);
export const clear = own("clear", (session) => session.clear());
export const set = (key: string) => own(`set ${key}`, (session) => session.set(key, true));
export const remove = own("delete", (session) => session.delete("list"));
export const signIn: Step = {
  name: "sign in",
  act: ({ object, person }) => {
    if (object) object.owner = person;
  },
};

export const createNew: Step = {
  name: "create",
  act: (scene) => {
    scene.object = scene.sessions.create();
    return scene.show(scene.object);
  },
};
export const open: Step = {
  name: "open",
  act: (scene) => took(scene, scene.sessions.open(scene.id)),
};

export const count: Drawn<Subject> = {
  name: "count",
  act: (session) => session.set("count", Number(session.get("count") ?? 0) + 1),
};

/** Steps whose answer a call that failed, or was sent twice, may have changed. */
const silent = (name: string, act: (scene: Scene) => Answer<unknown>): Step => ({
  name,
  act: (scene) => after(act(scene), () => undefined),
});
export const endOwn = own("destroy", (session) => session.destroy());
export const endById = silent("destroy", ({ sessions, id }) => sessions.destroy(id));
export const revoke = silent("revoke", ({ sessions, handle }) => sessions.revoke(handle));
export const revokeOwned = silent("revoke", ({ sessions, handle, person: owner }) =>
  sessions.revoke(handle, { owner }),
);
export const revokeOfAnother: Step = {
  name: "revoke, bob",
  act: ({ sessions, handle }) => sessions.revoke(handle, { owner: "bob" }),
};
export const revokeAll = silent("revokeAll", ({ sessions, person }) => sessions.revokeAll(person));
/** A visitor whose session is gone has to sign in again. */
export const revokeOthers = silent("revokeAll, except", ({ sessions, person, object: except }) =>
  except ? sessions.revokeAll(person, { except }) : undefined,
);
export const list = (whose: "the person's" | "all"): Step => ({
  name: `list ${whose}`,
  act: ({ sessions, person }) =>
    after(whose === "all" ? sessions.list() : sessions.list(person), (found) =>
      found.flatMap(({ owner, handle }) => (owner === person ? [handle] : [])).sort(),
    ),
});
export const reloadSilently = silent("reload", ({ object }) => object?.reload());
export const saveSilently = silent("save", ({ object }) => object?.save());
export const sweep = silent("sweep", ({ sessions }) => sessions.sweep());
