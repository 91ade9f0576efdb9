import type { Specification } from "../history/operation.ts";
import { outcomeNow, textOf } from "../model/outcome.ts";
import type { SessionModel } from "../model/session-model.ts";
import { SessionsModel } from "../model/sessions-model.ts";
import { World } from "../model/world.ts";
import { type Facts, type Scene, type Step, takeStep } from "./step.ts";

/** A step as it was taken. */
export interface Taken {
  readonly holder: number;
  readonly step: Step;
  readonly id: string;
  readonly handle: string;
  readonly text: string;
  /** The id that a regenerate drew. */
  drawn: string;
}

/** The session in the store and the objects of all its holders. Never changed in place. */
export interface Group {
  readonly world: World;
  readonly objects: ReadonlyMap<number, SessionModel>;
}

/** What comes of steps that are taken one after another. */
export function groupModel(initial: Group): Specification<Group, Taken, string> {
  return {
    initial,
    keyOf: describe,
    // Even a load changes something: what the holder has in hand.
    isRead: () => false,
    apply: take,
  };
}

/** To be filled; what the model does is noted and forgotten. */
export function noFacts(): Facts {
  const has = { hasEnded: false, hasEndedAll: false, hasCleared: false, hasChangedHands: false };
  return { counted: 0, flashed: [], taken: [], ...has };
}

export const GONE = "fails with SESSION_DESTROYED";

function take({ world: before, objects }: Group, taken: Taken): { next: Group; answer: string } {
  const { holder, step, id, handle, text, drawn } = taken;
  const world = new World(before.rules, before.now, before.records);
  world.drawn = drawn;
  const scene: Scene<SessionModel> = {
    sessions: new SessionsModel(world),
    object: objects.get(holder)?.copyTo(world),
    ...{ id, handle, text, facts: noFacts() },
  };
  const answer = outcomeNow(() => takeStep(step, scene));
  const rest = [...objects].filter(([other]) => other !== holder);
  const { object } = scene;
  const own: [number, SessionModel][] = object && answer !== GONE ? [[holder, object]] : [];
  return { next: { world, objects: new Map([...rest, ...own]) }, answer };
}

function describe({ world, objects }: Group): string {
  const records = [...world.records].map(([handle, record]) => {
    return "to" in record ? [handle, record] : [handle, { ...record, values: [...record.values] }];
  });
  const held = [...objects].map(([holder, object]) => [holder, object.describe()] as const);
  return textOf([records, held.sort(([one], [other]) => one - other)]);
}
