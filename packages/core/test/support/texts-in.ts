/** Every text that can be reached from `value` by reading properties, inherited getters included. */
export function textsIn(value: unknown, seen: Set<unknown> = new Set()): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || seen.has(value)) return [];
  seen.add(value);
  return namesOf(value).flatMap((name) => [String(name), ...textsIn(read(value, name), seen)]);
}

function namesOf(value: object): PropertyKey[] {
  const names: PropertyKey[] = [];
  for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at)) {
    if (at !== Object.prototype && at !== Array.prototype) names.push(...Reflect.ownKeys(at));
  }
  return names;
}

/** A property's value; undefined if its getter throws. */
function read(value: object, name: PropertyKey): unknown {
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}
