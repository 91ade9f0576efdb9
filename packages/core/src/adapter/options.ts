import { SessionError } from "../contract/errors.ts";
import { isObject } from "./objects.ts";
import { quotedText } from "./shown-name.ts";

/** What an option must be. */
export interface Rule {
  /** In words, to complete "maxBytes must be …": `a whole number from 1 to 100`. */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

/** The rule of each option, by name. */
export type Rules<Options> = { readonly [Name in keyof Required<Options>]: Rule };

/** A hundred years in milliseconds: more is likelier a mistake in the unit than a wish. */
const HUNDRED_YEARS = 3_155_760_000_000;

/** Longer text is not quoted in messages: it could be an id (43 characters) or another secret. */
const LONGEST_QUOTED = 20;

/** Anything with properties, functions included. */
export const anObject: Rule = {
  expected: "an object",
  accepts: isObject,
};

/** A function is likelier a callback, which would never be called. */
const NAMED_OPTIONS: Rule = {
  expected: "an object",
  accepts: (value) => isObject(value) && typeof value !== "function",
};

/** true or false. */
export const aBoolean: Rule = oneOf(true, false);

/** A whole number within bounds; `unit`, such as "ms" or "bytes", is named in the message. */
export function wholeNumber(least: number, most = HUNDRED_YEARS, unit?: string): Rule {
  return {
    expected: `a whole number${unit === undefined ? "" : ` of ${unit}`} from ${least} to ${most}`,
    accepts: (value) =>
      typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most,
  };
}

/** One of these values, compared by identity. */
export function oneOf(...values: readonly (string | boolean)[]): Rule {
  const shown = values.map((value) => JSON.stringify(value));
  const last = shown.pop();
  return {
    expected: shown.length === 0 ? `${last}` : `${shown.join(", ")} or ${last}`,
    accepts: (value) => values.some((allowed) => allowed === value),
  };
}

/** An object with these methods. */
export function withMethods(...names: readonly string[]): Rule {
  return {
    expected: `an object with the methods ${names.join(", ")}`,
    accepts: (value) => isObject(value) && names.every((name) => typeof value[name] === "function"),
  };
}

/** Text of `least` to `most` UTF-8 bytes, well-formed and without NUL. */
export function text(least: number, most: number): Rule {
  return {
    expected: `well-formed text of ${least} to ${most} bytes, without NUL`,
    accepts: (value) => {
      if (typeof value !== "string" || value.includes("\0") || !value.isWellFormed()) return false;
      const bytes = Buffer.byteLength(value);
      return bytes >= least && bytes <= most;
    },
  };
}

/**
 * Checks one value. `subject` is who asks, such as `MemoryStore`.
 *
 * @throws INVALID_OPTION if the value breaks the rule. The message names the option, what it must be and
 * what came.
 */
export function checkOption(subject: string, name: string, value: unknown, rule: Rule): void {
  if (rule.accepts(value)) return;
  throw new SessionError(
    "INVALID_OPTION",
    `${subject}: ${name} must be ${rule.expected}, not ${described(value)}.`,
  );
}

/**
 * Checks options by their rules and returns a copy without those that are undefined. Refuses unknown
 * names: a misspelt one would otherwise leave a limit at its default in silence.
 *
 * @throws INVALID_OPTION if there is no such option, or its value breaks its rule.
 */
export function checkOptions<Options extends object>(
  subject: string,
  options: Options,
  rules: Rules<Options>,
): Options {
  checkOption(subject, "options", options, NAMED_OPTIONS);
  const given = { ...options };
  const ruleOf = new Map<string, Rule>(Object.entries(rules));
  const entries: [string, unknown][] = Object.entries(given);
  for (const [name, value] of entries) {
    const rule = ruleOf.get(name);
    if (rule === undefined) {
      throw new SessionError(
        "INVALID_OPTION",
        `${subject}: there is no option ${quoted(name)}, only ${[...ruleOf.keys()].join(", ")}.`,
      );
    }
    if (value !== undefined) checkOption(subject, name, value, rule);
    else Reflect.deleteProperty(given, name);
  }
  return given;
}

/** What came, without showing what is in it. */
function described(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "symbol") return "a symbol";
  if (typeof value === "function") return "a function";
  return isObject(value) ? describedObject(value) : String(value);
}

function describedObject(value: Readonly<Record<string, unknown>>): string {
  try {
    if (Array.isArray(value)) return "an array";
    if (typeof value["then"] === "function") return "a promise: await it";
  } catch {
    // A getter or a proxy that throws.
  }
  return "an object";
}

function quoted(text: string): string {
  return text.length > LONGEST_QUOTED ? `text of ${text.length} characters` : quotedText(text);
}
