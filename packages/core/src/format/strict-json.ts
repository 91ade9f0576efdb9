import type { Codec } from "../codec.ts";

/** Where a session carries nothing but JSON. What JSON would alter is found by `jsonFault` first. */
export const strictJson: Codec = {
  stringify: (value) => JSON.stringify(value),
  parse: (text) => JSON.parse(text),
};

const MAX_DEPTH = 1_000;

/**
 * What JSON would silently alter or drop in `value`, with its path, such as `[2].when is a Date`;
 * undefined where there is nothing. Only an object's property that is `undefined` counts as absent.
 */
export function jsonFault(value: unknown): string | undefined {
  return fault(value, []);
}

function fault(value: unknown, parents: readonly object[]): string | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : ` is ${value}`;
    case "object":
      return value === null ? undefined : objectFault(value, parents);
    case "undefined":
      return " is undefined";
    default:
      return ` is a ${typeof value}`;
  }
}

function objectFault(value: object, parents: readonly object[]): string | undefined {
  if (parents.includes(value)) return " is part of itself";
  if (parents.length === MAX_DEPTH) return ` is nested more than ${MAX_DEPTH} levels deep`;
  const path = [...parents, value];
  if (Array.isArray(value)) return arrayFault(value, path);
  if (!isPlain(value)) return ` is ${kindOf(value)}`;
  if (Object.getOwnPropertySymbols(value).length > 0) return " has a symbol as key";
  for (const [key, item] of Object.entries(value)) {
    const found = item === undefined ? undefined : fault(item, path);
    if (found !== undefined) return `${step(key)}${found}`;
  }
  return undefined;
}

function arrayFault(value: readonly unknown[], path: readonly object[]): string | undefined {
  for (let index = 0; index < value.length; index += 1) {
    if (!Object.hasOwn(value, index)) return `[${index}] is a hole`;
    const found = fault(value[index], path);
    if (found !== undefined) return `[${index}]${found}`;
  }
  const extra = Object.keys(value).length > value.length || ancestors(value) !== 2;
  return extra ? " is an array with properties of its own" : undefined;
}

/** Objects from another realm are plain too: what counts is the length of the chain. */
function isPlain(value: object): boolean {
  return ancestors(value) < 2;
}

function ancestors(value: object): number {
  const parent: object | null = Object.getPrototypeOf(value);
  return parent === null ? 0 : 1 + ancestors(parent);
}

function step(key: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function kindOf(value: object): string {
  const name: unknown = Object.getPrototypeOf(value)?.constructor?.name;
  if (typeof name !== "string" || name === "") return "no plain object";
  return `${/^[AEIOU]/.test(name) ? "an" : "a"} ${name}`;
}
