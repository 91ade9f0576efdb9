/** Deeper, JSON.stringify would run out of stack. */
const MAX_DEPTH = 1_000;

/**
 * What JSON would silently alter or drop in `value`, with its path, such as `[2].when is a Date`;
 * undefined if it would alter nothing. An object's property that is `undefined` counts as absent.
 */
export function jsonFault(value: unknown): string | undefined {
  return valueFault(value, []);
}

/** `outer` are the objects that `value` is part of. */
function valueFault(value: unknown, outer: readonly object[]): string | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : ` is ${value}`;
    case "undefined":
      return " is undefined";
    case "object":
      return value === null ? undefined : objectFault(value, outer);
    default:
      return ` is a ${typeof value}`;
  }
}

function objectFault(value: object, outer: readonly object[]): string | undefined {
  if (outer.includes(value)) return " is part of itself";
  if (outer.length > MAX_DEPTH) return " is nested too deeply";
  if (!isPlain(value)) return ` is a ${classNameOf(value)}`;
  const isArray = Array.isArray(value);
  const items: readonly unknown[] = isArray ? value : Object.values(value);
  const parents = [...outer, value];
  // By index, so that an array's holes are read too, and refused as undefined.
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    const isAbsent = item === undefined && !isArray;
    const fault = isAbsent ? undefined : valueFault(item, parents);
    // The name is looked up only now: Object.entries would make an array for each property.
    if (fault !== undefined) {
      return `${isArray ? `[${index}]` : `.${Object.keys(value)[index]}`}${fault}`;
    }
  }
  return hiddenFault(value, items.length);
}

/** What the items do not show: symbols, hidden properties, an array's named ones, toJSON. */
function hiddenFault(value: object, itemCount: number): string | undefined {
  // These two calls take a third of the time of Reflect.ownKeys. An array's `length` is a name, too.
  const names = Object.getOwnPropertyNames(value).length - (Array.isArray(value) ? 1 : 0);
  const symbols = Object.getOwnPropertySymbols(value).length;
  const convertsItself = "toJSON" in value && typeof value.toJSON === "function";
  if (names + symbols === itemCount && !convertsItself) return undefined;
  return " has symbols, hidden or named properties";
}

/** Whether it is an array or a bare object, of this realm or another: its prototype is a root. */
function isPlain(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  const root: object | null =
    Array.isArray(value) && prototype !== null ? Object.getPrototypeOf(prototype) : prototype;
  return root === null || Object.getPrototypeOf(root) === null;
}

function classNameOf(value: object): string {
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype?.constructor?.name || "class instance";
}
