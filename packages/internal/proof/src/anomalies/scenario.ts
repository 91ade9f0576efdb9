import type { Lifetime, Session } from "@sess/core";
import type { FaultEffect } from "@sess/core/conformance";
import type { World } from "./world.ts";

/** How a run went, for the check at its end. */
export interface Run {
  readonly effect: FaultEffect;
  /** How often the operation failed. */
  readonly failures: number;
  /** Whether what failed was done again with the same objects, not by a new request. */
  readonly sameObject: boolean;
}

/** An operation in its surroundings, ready to be carried out. */
export interface Scene {
  /** The operation. After a failure, when the store is healed, it is done again. */
  act(): Promise<unknown>;
  /** The same as a new request does it, which has lost the objects. @default act */
  anew?(): Promise<unknown>;
  /** Whether it may get over a failure by itself: it tries until all is done. */
  readonly mends?: boolean;
  /** What another process does while a call of the operation hangs. */
  meanwhile?(): Promise<unknown>;
  /** Throws unless the end is one of those that are allowed. */
  check(run: Run): Promise<void>;
}

export interface Scenario {
  readonly name: string;
  /** Sets the scene, without faults. */
  prepare(world: World): Promise<Scene>;
}

/** A scenario around a stored session, of which an object is at hand. */
export function scenario(
  name: string,
  prepare: (world: World, id: string, session: Session) => Promise<Scene> | Scene,
  lifetime?: Lifetime,
): Scenario {
  return {
    name,
    async prepare(world) {
      const id = await world.stored(lifetime);
      return prepare(world, id, await world.held(id));
    },
  };
}

/** A scenario without a session at first. */
export function bareScenario(name: string, prepare: Scenario["prepare"]): Scenario {
  return { name, prepare };
}

/** Whether the operation may have happened although it failed. */
export function isUnknown({ effect, failures }: Run): boolean {
  return failures > 0 && effect !== "reject-before";
}
