import { describe, expect, test } from "@jest/globals";
import {
  aBoolean,
  anObject,
  checkOption,
  checkOptions,
  oneOf,
  type Rule,
  text,
  wholeNumber,
  withMethods,
} from "@sess/core/adapter";
import { expectCode } from "@sess/test-support";

const HUNDRED_YEARS = 100 * 365.25 * 24 * 3_600_000;

describe("a rule", () => {
  const rules: Record<string, [rule: Rule, good: readonly unknown[], bad: readonly unknown[]]> = {
    "wholeNumber(2)": [
      wholeNumber(2),
      [2, 3, HUNDRED_YEARS],
      [1, 2.5, "2", 2n, Number.NaN, Number.POSITIVE_INFINITY, HUNDRED_YEARS + 1, null, [2]],
    ],
    "wholeNumber(0, 5)": [wholeNumber(0, 5), [0, 5], [-1, 6]],
    aBoolean: [aBoolean, [true, false], ["true", 0, null]],
    'oneOf(true, "a")': [oneOf(true, "a"), [true, "a"], [false, "b", ["a"], new String("a")]],
    anObject: [anObject, [{}, [], () => {}, Object.create(null)], [null, undefined, "a", 1]],
    'withMethods("f")': [
      withMethods("f"),
      [{ f() {} }, Object.assign(() => {}, { f() {} }), Object.create({ f() {} })],
      [{}, { f: 1 }, null, "f"],
    ],
    "text(1, 4)": [
      text(1, 4),
      ["a", "abcd", "éé", "😀"],
      ["", "abcde", "ééa", "😀a", "a\0", "\ud800", "\udc00\ud800", 1, null, ["a"]],
    ],
  };

  test.each(Object.entries(rules))("%s accepts what it says and nothing else", (_, each) => {
    const [rule, good, bad] = each;
    expect(good.filter((value) => !rule.accepts(value))).toEqual([]);
    expect(bad.filter((value) => rule.accepts(value))).toEqual([]);
  });

  test.each([
    ["a whole number of ms from 1 to 9", wholeNumber(1, 9, "ms")],
    ["a whole number from 1 to 9", wholeNumber(1, 9)],
    ["true or false", aBoolean],
    ['true, false or "migrate"', oneOf(true, false, "migrate")],
    ['"a"', oneOf("a")],
    ["an object with the methods load, save", withMethods("load", "save")],
    ["well-formed text of 1 to 255 bytes, without NUL", text(1, 255)],
  ])("expects %s", (words, rule) => {
    expect(rule.expected).toBe(words);
  });
});

describe("checkOption()", () => {
  test("throws an error that names the option, what it must be and what it is", async () => {
    const check = () => checkOption("MemoryStore", "shards", 0, wholeNumber(1, 9));
    const error = await expectCode(check, "INVALID_OPTION");
    expect(error.message).toBe("MemoryStore: shards must be a whole number from 1 to 9, not 0.");
  });

  test.each([
    ["short", '"short"'],
    ["a\nb", '"a\\nb"'],
    ["x".repeat(43), "text of 43 characters"],
    [1n, "1n"],
    [Symbol("secret"), "a symbol"],
    [() => "secret", "a function"],
    [undefined, "undefined"],
    [null, "null"],
    [["secret"], "an array"],
    [{ secret: 1 }, "an object"],
    [Promise.resolve("secret"), "a promise: await it"],
  ])("shows %p as %s", async (value, shown) => {
    const check = () => checkOption("Store", "option", value, wholeNumber(1));
    const error = await expectCode(check, "INVALID_OPTION");
    expect(error.message).toMatch(/, not /);
    expect(error.message.split(", not ")[1]).toBe(`${shown}.`);
  });
});

test.each([
  [
    "a promise of another library",
    () => new Proxy({}, { get: () => () => {} }),
    "a promise: await it",
  ],
  ["a proxy that throws", () => new Proxy({}, { get: fail }), "an object"],
  ["a revoked proxy", revoked, "an object"],
])("checkOption() shows %s without looking further into it", async (_, make, shown) => {
  const check = () => checkOption("Store", "option", make(), wholeNumber(1));
  const error = await expectCode(check, "INVALID_OPTION");
  expect(error.message.split(", not ")[1]).toBe(`${shown}.`);
});

describe("checkOptions()", () => {
  const rules = { size: wholeNumber(1), name: text(1, 9) };
  const check = (options: object) => checkOptions<object>("Store", options, rules);

  test("returns a copy without the options that are undefined", () => {
    const options = { size: 1, name: undefined };
    const checked = check(options);
    expect(checked).not.toBe(options);
    expect(Object.entries(checked)).toEqual([["size", 1]]);
    expect(Object.keys(options)).toEqual(["size", "name"]);
  });

  test.each([
    { siez: 1 },
    { size: 1, siez: undefined },
    { toString: 1 },
    JSON.parse('{"__proto__":1}'),
  ])("refuses an unknown name and lists the known ones: %p", async (options) => {
    const error = await expectCode(() => check(options), "INVALID_OPTION");
    expect(error.message).toMatch(/^Store: there is no option "\w+", only size, name\.$/);
  });

  test("refuses a value that breaks its rule", async () => {
    const error = await expectCode(() => check({ name: "" }), "INVALID_OPTION");
    expect(error.message).toMatch(/^Store: name must be well-formed text/);
  });

  test.each([null, undefined, "size", 1, () => {}])("refuses %p for options", async (options) => {
    await expectCode(() => Reflect.apply(check, undefined, [options]), "INVALID_OPTION");
  });
});

function fail(): never {
  throw new Error("It was looked into.");
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
