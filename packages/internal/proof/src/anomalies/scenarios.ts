import { updateWith } from "../oracle/steps.ts";
import {
  clear,
  count,
  createNew,
  endById,
  endOwn,
  flash,
  list,
  open,
  regenerate,
  reload,
  remove,
  restart,
  revoke,
  revokeAll,
  revokeOfAnother,
  revokeOthers,
  revokeOwned,
  save,
  saveSilently,
  set,
  signIn,
  sweep,
  takeFlash,
} from "./request-steps.ts";
import { LOAD, type Scenario } from "./scenario.ts";

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
