const MAX_DEPTH = 1_000;

/**
 * What JSON would silently alter or drop in `value`, with its path, such as `[2].when is a Date`;
 * undefined where there is nothing. Only an object's property that is `undefined` counts as absent.
 */
export function jsonFault(value: unknown, parents: readonly object[] = []): string | undefined {
  if (typeof value === "object") return value === null ? undefined : objectFault(value, parents);
  if (typeof value === "string" || typeof value === "boolean" || Number.isFinite(value))
    return undefined;
  return ` is ${typeof value === "number" || value === undefined ? value : `a ${typeof value}`}`;
}

function objectFault(value: object, parents: readonly object[]): string | undefined {
  if (parents.includes(value)) return " is part of itself";
  if (parents.length > MAX_DEPTH) return " is nested too deeply";
  const isArray = Array.isArray(value);
  if (ancestors(value) > (isArray ? 2 : 1)) return ` is a ${nameOf(value)}`;
  const entries = Object.entries(value);
  for (const [key, item] of entries) {
    const isAbsent = item === undefined && !isArray;
    const fault = isAbsent ? undefined : jsonFault(item, [...parents, value]);
    if (fault) return `${isArray ? `[${key}]` : `.${key}`}${fault}`;
  }
  // Symbols, and what is not enumerable, but for an array's length.
  const hidden = Reflect.ownKeys(value).length - entries.length - Number(isArray);
  const isSparse = isArray && (entries.length !== value.length || value.includes(undefined));
  const isReplaced = typeof Reflect.get(value, "toJSON") === "function";
  return hidden > 0 || isSparse || isReplaced
    ? " has holes, symbols, hidden or named properties"
    : undefined;
}

/** How long the prototype chain is. Objects from another realm are as plain as those of this one. */
function ancestors(value: object): number {
  const parent: object | null = Object.getPrototypeOf(value);
  return parent ? 1 + ancestors(parent) : 0;
}

function nameOf(value: object): string {
  return Object.getPrototypeOf(value)?.constructor?.name || "class instance";
}
