import fc from "fast-check";
import { GivenUp } from "./outcome.ts";
import { MINUTE } from "./run.ts";
import type { Edit, Subject } from "./subject.ts";

export const KINDS = ["info", "error"];

const key = fc.constantFrom("a", "b", "list", "cart", "__proto__", '"list"');
const kind = fc.constantFrom(...KINDS);
export const owner = fc.constantFrom("ada", "bob");

/** As text, so that each side is given a value of its own. */
const value = fc.oneof(
  fc.integer().map((number) => JSON.stringify(number)),
  fc.string({ unit: "grapheme", maxLength: 6 }).map((text) => JSON.stringify(text)),
  fc.constantFrom("null", "true", "[]", "[1]", '{"tag":"x","list":[2]}', '{"__proto__":{"a":1}}'),
);

export const lifetime = fc.constantFrom(
  {},
  { idleTimeout: 2 * MINUTE },
  { absoluteTimeout: 10 * MINUTE },
  { idleTimeout: 180 * MINUTE, absoluteTimeout: 360 * MINUTE },
);

/** Values that were handed out, by the object that did, to be changed when it may hold others. */
const kept = new WeakMap<Subject, unknown>();

export const localEdit: fc.Arbitrary<readonly [string, Edit]> = fc.oneof(
  fc.tuple(key, value).map(([name, text]) => {
    return [`set ${name} ${text}`, (on: Subject) => on.set(name, JSON.parse(text))] as const;
  }),
  key.map((name) => [`get ${name}`, (on: Subject) => on.get(name)] as const),
  key.map((name) => [`has ${name}`, (on: Subject) => on.has(name)] as const),
  key.map((name) => [`delete ${name}`, (on: Subject) => on.delete(name)] as const),
  key.map((name) => [`pop ${name}`, (on: Subject) => on.pop(name)] as const),
  key.map((name) => [`push ${name}`, (on: Subject) => push(on.get(name))] as const),
  key.map((name) => [`keep ${name}`, (on: Subject) => void kept.set(on, on.get(name))] as const),
  fc.constant(["push kept", (on: Subject) => push(kept.get(on))] as const),
  fc.constant(["clear", (on: Subject) => on.clear()] as const),
  fc.tuple(kind, value).map(([name, text]) => {
    return [`flash ${name} ${text}`, (on: Subject) => on.flash(name, JSON.parse(text))] as const;
  }),
  fc.option(owner, { nil: undefined }).map((name) => {
    const own = (on: Subject) => {
      on.owner = name;
    };
    return [`owner ${name}`, own] as const;
  }),
);

const take = kind.map(
  (name) => [`takeFlash ${name}`, (on: Subject) => on.takeFlash(name)] as const,
);

export const savingEdit: fc.Arbitrary<readonly [string, Edit]> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(["save", (on: Subject) => on.save()] as const) },
  { weight: 2, arbitrary: take },
  { weight: 1, arbitrary: fc.constant(["reload", (on: Subject) => on.reload()] as const) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom({}, { restart: true }), lifetime).map(([how, terms]) => {
      const options = { ...how, ...terms };
      const name = `regenerate ${JSON.stringify(options)}`;
      return [name, (on: Subject) => on.regenerate(options)] as const;
    }),
  },
  { weight: 1, arbitrary: fc.constant(["destroy", (on: Subject) => on.destroy()] as const) },
);

/** What may stand inside `update()`; the last two are refused there, or give up. */
export const updateEdit: fc.Arbitrary<readonly [string, Edit]> = fc.oneof(
  { weight: 10, arbitrary: localEdit },
  { weight: 3, arbitrary: take },
  { weight: 1, arbitrary: savingEdit },
  { weight: 1, arbitrary: fc.constant(["give up", giveUp] as const) },
);

/** Changes an array in place, as such or within an object. */
function push(value: unknown): void {
  if (Array.isArray(value)) value.push(value.length);
  else if (typeof value === "object" && value !== null && "list" in value) push(value.list);
}

function giveUp(): never {
  throw new GivenUp();
}
