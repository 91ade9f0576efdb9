import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { cookieValues } from "../../src/request/cookie-header.ts";

describe("the cookies of a name in a header", () => {
  test.each([
    ["s=1", ["1"]],
    ["a=0; s=1; b=2", ["1"]],
    ["s=1; s=2", ["1", "2"]],
    ["s=1;s=2", ["1", "2"]],
    ["xs=1; s-x=2; s.=3", []],
    ["a=s=1", []],
    ["a=b; x__s=1", []],
    ["s", []],
    ["s=", [""]],
    [" s = 1 ;", ["1"]],
    ["s=a=b", ["a=b"]],
    ["", []],
  ])("%j", (header, values) => {
    expect(cookieValues(header, "s")).toEqual(values);
  });

  test("are those that a parser finds, whatever else the header holds", () => {
    const name = fc.stringMatching(/^[a-s_-]{1,4}$/);
    const value = fc.stringMatching(/^[\w=-]{0,4}$/);
    const pairs = fc.array(fc.tuple(name, value), { maxLength: 8 });
    fc.assert(
      fc.property(pairs, name, (cookies, wanted) => {
        const header = cookies.map((pair) => pair.join("=")).join("; ");
        const expected = cookies.filter(([each]) => each === wanted).map(([, each]) => each);
        expect(cookieValues(header, wanted)).toEqual(expected);
      }),
    );
  });
});
