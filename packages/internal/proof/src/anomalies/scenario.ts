import type { TakeOptions } from "../interleavings/recording.ts";
import { type Drawn, loadObject, onObject, type Step } from "../oracle/steps.ts";
import type { Subject } from "../oracle/subject.ts";

/** A request to a session, in surroundings that make it hard. The store fails at one of its calls. */
export interface Scenario {
  readonly name: string;
  /** What the request has done before the store begins to fail. @default it has loaded the session */
  readonly ready?: readonly Step[];
  /**
   * What another process does between that and the rest, with an object of its own: of this session, or of
   * that on another device, where there is one.
   */
  readonly others?: readonly Step[];
  /** The rest. What fails is done again, by the same objects or by a new request. */
  readonly act: readonly Step[];
  /** What is done, instead of the same again, once something has failed. */
  readonly instead?: Instead;
  /** What further requests have done that come at the same time and act alike. */
  readonly besides?: readonly (readonly Step[])[];
  /** How many other sessions the person has, on other devices. @default 0 */
  readonly devices?: number;
  /** What another process does while a call of the request hangs. */
  readonly meanwhile?: readonly Step[];
  /** Whether the request may get over a failure by itself: it tries until all is done. */
  readonly mends?: boolean;
  /** What is said of a step that fails and is done again by the same object. @default "again" */
  readonly ifFailed?: TakeOptions["ifFailed"];
  /** Whether it needs a store with `touch()` to be told that the session has moved. */
  readonly needsTouch?: boolean;
  /** Whether it is about what has expired, which some engines remove themselves. */
  readonly isSweep?: boolean;
}

interface Instead {
  /** What another process does before. */
  readonly others: readonly Step[];
  readonly act: Step;
  /** Whether what failed may have given the session a new id: the object finds it by `regenerate()` alone. */
  readonly mayHaveMoved: boolean;
  /** Whether it must clear away what a `regenerate()` that failed has left. */
  readonly clearsAway: boolean;
}

export const LOAD: Step = { name: "load", act: loadObject };

/** What is done with the session object at hand. */
export function own(name: string, act: Drawn<Subject>["act"]): Step {
  return onObject({ name, act });
}
