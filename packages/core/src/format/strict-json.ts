import { types } from "node:util";
import { shownName } from "../adapter/shown-name.ts";

/** Deeper, JSON.stringify would run out of stack. */
const MAX_DEPTH = 1_000;

/** Longer paths are cut in messages: a client may have chosen the keys. */
const LONGEST_SHOWN_PATH = 200;

/** What keeps a value from being written as JSON. */
export type JsonFault =
  /** It takes more bytes than are allowed. */
  | { readonly kind: "too large" }
  /** JSON would alter, drop or fail on a part of it: `[2].when is a Date`. */
  | { readonly kind: "altered"; readonly what: string };

/**
 * Whether the object `value` takes more than `mostBytes` as JSON for sure, or what JSON would silently alter or drop
 * in it; undefined if neither. An object's property that is `undefined` counts as absent.
 *
 * The size comes first: what is found takes at most `mostBytes` steps, however often one object is part
 * of another.
 */
export function jsonFault(value: unknown, mostBytes: number): JsonFault | undefined {
  // A text is looked at in one step.
  const bytesLeft = typeof value === "string" ? Number.POSITIVE_INFINITY : mostBytes;
  const fault = valueFault(value, { outer: new Set(), bytesLeft });
  if (fault === undefined || fault === TOO_LARGE) return fault && { kind: "too large" };
  return { kind: "altered", what: shownPath(fault.path) + fault.problem };
}

interface Walk {
  /** The objects that the value under way is part of. */
  readonly outer: Set<object>;
  /** A lower bound of what the text takes is counted down. */
  bytesLeft: number;
}

interface Fault {
  /** From the innermost object outwards. */
  readonly path: string[];
  readonly problem: string;
}

const TOO_LARGE: Fault = { path: [], problem: "" };

/** The quotes around a text. */
const QUOTES_BYTES = 2;
/** The comma behind an item; the last has none, but the second bracket makes up for it. */
const COMMA_BYTES = 1;
/** The quotes and the colon of a key, which may be empty. */
const KEY_BYTES = 3;

function valueFault(value: unknown, walk: Walk): Fault | undefined {
  // A lower bound: a number counts as one digit, an object as one bracket.
  walk.bytesLeft -= typeof value === "string" ? value.length + QUOTES_BYTES : 1;
  if (walk.bytesLeft < 0) return TOO_LARGE;
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : faultOf(` is ${value}`);
    case "undefined":
      return faultOf(" is undefined");
    case "object":
      return value === null ? undefined : objectFault(value, walk);
    default:
      return faultOf(` is a ${typeof value}`);
  }
}

/** Getters and the traps of proxies run here, so it may throw whatever they throw. */
function objectFault(value: object, walk: Walk): Fault | undefined {
  try {
    return readFault(value, walk);
  } catch {
    return faultOf(" cannot be read: a getter or proxy throws");
  }
}

function readFault(value: object, walk: Walk): Fault | undefined {
  const { outer } = walk;
  if (outer.has(value)) return faultOf(" is part of itself");
  if (outer.size > MAX_DEPTH) return faultOf(" is nested too deeply");
  if (!isPlain(value)) return faultOf(` is a ${classNameOf(value)}`);
  const isArray = Array.isArray(value);
  const items: readonly unknown[] = isArray ? value : Object.values(value);
  outer.add(value);
  // By index, so that an array's holes are read too, and refused as undefined.
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    if (item === undefined && !isArray) continue;
    walk.bytesLeft -= isArray ? COMMA_BYTES : COMMA_BYTES + KEY_BYTES;
    const fault = valueFault(item, walk);
    if (fault === TOO_LARGE) return fault;
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
  if (Array.isArray(value)) return prototype === Array.prototype || isArrayPrototype(prototype);
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

/** Whether it is an `Array.prototype`, which is itself an array. Every realm has its own. */
function isArrayPrototype(prototype: object | null): boolean {
  return Array.isArray(prototype) && isRootPrototype(Object.getPrototypeOf(prototype));
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
    types.isNativeError(value) ||
    isRawJson(value)
  );
}

/** Whether `JSON.rawJSON` made it: JSON.stringify writes its text, and JSON.parse reads another value. */
function isRawJson(value: object): boolean {
  // Node 20 has no such thing.
  return "isRawJSON" in JSON && typeof JSON.isRawJSON === "function" && JSON.isRawJSON(value);
}

function classNameOf(value: object): string {
  const prototype: object | null = Object.getPrototypeOf(value);
  const name: unknown = prototype?.constructor?.name;
  const isTelling = typeof name === "string" && name !== "" && name !== "Object";
  return isTelling ? shownName(name) : "class instance";
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
