import { SessionError } from "./contract/errors.ts";
import { isObject } from "./is-object.ts";

/** What an option must be: in words, and whether a value is. */
export type Rule = readonly [what: string, isMet: (value: unknown) => boolean];

/** A hundred years in ms: beyond it, a mistake in the unit is likelier than the wish. */
const LARGEST = 3_155_760_000_000;

export const OBJECT: Rule = ["an object", isObject];

export function wholeNumber(least: number, most = LARGEST): Rule {
  return [
    `a whole number from ${least} to ${most}`,
    (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
  ];
}

export function oneOf(what: string, ...values: unknown[]): Rule {
  return [what, (value) => values.includes(value)];
}

export function methods(...names: string[]): Rule {
  return [
    `an object with the methods ${names.join(", ")}, not a promise`,
    (value) => names.every((name) => typeof Reflect.get(Object(value), name) === "function"),
  ];
}

/** Throws INVALID_OPTION for what breaks the rule. */
export function mustBe([what, isMet]: Rule, name: string, value: unknown): void {
  if (!isMet(value)) throw new SessionError("INVALID_OPTION", `${name} must be ${what}.`);
}

/**
 * A copy of the options, each checked by the rule of its name. A misspelt name would otherwise leave a
 * limit at its default in silence.
 */
export function checked<Options extends object>(
  options: Options,
  rules: Readonly<Record<string, Rule>>,
): Options {
  mustBe(OBJECT, "options", options);
  const given = { ...options };
  const entries: [string, unknown][] = Object.entries(given);
  for (const [name, value] of entries) {
    const rule = Object.hasOwn(rules, name) && rules[name];
    if (!rule)
      throw new SessionError(
        "INVALID_OPTION",
        `There is no option "${name}", only ${Object.keys(rules).join(", ")}.`,
      );
    if (value === undefined) Reflect.deleteProperty(given, name);
    else mustBe(rule, name, value);
  }
  return given;
}
