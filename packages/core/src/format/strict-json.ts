import { types } from "node:util";
import { shownName } from "../adapter/shown-name.ts";

/** Deeper, JSON.stringify would run out of stack. */
const MAX_DEPTH = 1_000;

/** Longer paths are cut in messages: a client may have chosen the keys. */
const LONGEST_SHOWN_PATH = 200;

/**
 * What JSON would silently alter or drop in `value`, with its path, such as `[2].when is a Date`;
 * undefined if it would alter nothing. An object's property that is `undefined` counts as absent.
 */
export function jsonFault(value: unknown): string | undefined {
  const fault = valueFault(value, new Set());
  return fault && shownPath(fault.path) + fault.problem;
}

interface Fault {
  /** From the innermost object outwards. */
  readonly path: string[];
  readonly problem: string;
}

/** `outer` are the objects that `value` is part of. */
function valueFault(value: unknown, outer: Set<object>): Fault | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : faultOf(` is ${value}`);
    case "undefined":
      return faultOf(" is undefined");
    case "object":
      return value === null ? undefined : objectFault(value, outer);
    default:
      return faultOf(` is a ${typeof value}`);
  }
}

function objectFault(value: object, outer: Set<object>): Fault | undefined {
  if (outer.has(value)) return faultOf(" is part of itself");
  if (outer.size > MAX_DEPTH) return faultOf(" is nested too deeply");
  if (!isPlain(value)) return faultOf(` is a ${classNameOf(value)}`);
  const isArray = Array.isArray(value);
  const items: readonly unknown[] = isArray ? value : Object.values(value);
  outer.add(value);
  // By index, so that an array's holes are read too, and refused as undefined.
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    const isAbsent = item === undefined && !isArray;
    const fault = isAbsent ? undefined : valueFault(item, outer);
    if (fault !== undefined) {
      // The key is looked up only now: Object.entries would make an array for each property.
      fault.path.push(isArray ? `[${index}]` : shownKey(Object.keys(value)[index] ?? ""));
      return fault;
    }
  }
  outer.delete(value);
  return hiddenFault(value, items.length);
}

/** What the items do not show: symbols, hidden properties, an array's named ones, toJSON. */
function hiddenFault(value: object, itemCount: number): Fault | undefined {
  // These two calls take a third of the time of Reflect.ownKeys. An array's `length` is a name, too.
  const names = Object.getOwnPropertyNames(value).length - (Array.isArray(value) ? 1 : 0);
  const symbols = Object.getOwnPropertySymbols(value).length;
  const convertsItself = "toJSON" in value && typeof value.toJSON === "function";
  if (names + symbols === itemCount && !convertsItself) return undefined;
  return faultOf(" has symbols, hidden or named properties");
}

/** Whether it is an array or a bare object, of this realm or another. */
function isPlain(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  if (Array.isArray(value)) {
    return (
      prototype === Array.prototype ||
      (prototype !== null && isRootPrototype(Object.getPrototypeOf(prototype)))
    );
  }
  if (prototype !== null && prototype !== Object.prototype && !isRootPrototype(prototype)) {
    return false;
  }
  return !isExotic(value, prototype);
}

/** Whether it is an `Object.prototype`. A class whose chain has been cut short ends elsewhere. */
function isRootPrototype(prototype: object | null): boolean {
  return (
    prototype !== null &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, "isPrototypeOf")
  );
}

/** Whether it keeps its content in internal slots, which JSON does not see, behind a bare prototype. */
function isExotic(value: object, prototype: object | null): boolean {
  // Objects with properties and the usual prototype are the rule, and asking takes time.
  if (prototype === Object.prototype && Object.keys(value).length > 0) return false;
  return (
    types.isMap(value) ||
    types.isSet(value) ||
    types.isDate(value) ||
    types.isRegExp(value) ||
    types.isBoxedPrimitive(value) ||
    types.isPromise(value) ||
    types.isAnyArrayBuffer(value) ||
    types.isArrayBufferView(value) ||
    types.isWeakMap(value) ||
    types.isWeakSet(value) ||
    types.isNativeError(value)
  );
}

function classNameOf(value: object): string {
  const prototype: object | null = Object.getPrototypeOf(value);
  const name: unknown = prototype?.constructor?.name;
  return typeof name === "string" && name !== "" && name !== "Object" ? name : "class instance";
}

function faultOf(problem: string): Fault {
  return { path: [], problem };
}

/** A key as part of a path: `.when`, or `["odd key"]`. */
function shownKey(key: string): string {
  const shown = shownName(key);
  return shown === key ? `.${key}` : `[${shown}]`;
}

function shownPath(path: readonly string[]): string {
  const text = path.toReversed().join("");
  return text.length > LONGEST_SHOWN_PATH ? `${text.slice(0, LONGEST_SHOWN_PATH)}…` : text;
}
