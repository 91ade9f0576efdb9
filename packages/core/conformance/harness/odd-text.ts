const charactersBetween = (from: number, to: number) =>
  String.fromCharCode(...Array.from({ length: to - from + 1 }, (_, index) => from + index));

/**
 * Legal text that real stores have been seen to change. NUL and unpaired surrogates are left out: the
 * contract excludes them, and core refuses them before they reach a store.
 */
export const oddText: Readonly<Record<string, string>> = {
  "line feeds": "one\ntwo\n\nthree\n",
  "carriage returns": "one\rtwo\r\nthree\r",
  tabs: "\tone\t\ttwo\t",
  "spaces at both ends": "  one two  ",
  "exclamation marks": "!one!two!!",
  slashes: "/one/../two//\\three\\",
  colons: ":one:two::",
  "percent signs": "%one%00%2F%%s%",
  quotes: `'one' "two" \`three\` '' "" \\' \\"`,
  underscores: "_one_two__",
  "asterisks and brackets": "*one?[a-z]{0}(two)^$|",
  braces: "{user}:{1}",
  "SQL statements": "'; DROP TABLE sessions; --",
  "dollar signs": "$1 $& $$ $" + "{one}",
  "words for nothing": "undefined null NaN false 0",
  "a property of every object": "__proto__",
  JSON: '{"__proto__":{"admin":true},"a":[1,null]}',
  "control characters": charactersBetween(0x01, 0x1f) + charactersBetween(0x7f, 0x9f),
  "Latin-1 letters": charactersBetween(0xa0, 0xff),
  "composed and decomposed letters": "\u00e9 e\u0301 \u212b \u00c5 \ufb01",
  "letters whose length changes with case": "\u0130\u0131\u00df\u1e9e",
  "several scripts": "Ж λ 漢字 हिन्दी ภาษา עברית",
  emoji: "😀 👩‍👩‍👧 🇸🇪 👍🏽",
  "line separators": "one\u2028two\u2029three\u0085",
  "a byte order mark": "\ufeffone\ufeff",
  "replacement and private characters": "\ufffd\ue000\uf8ff",
  noncharacters: "\uffff\ufffe\ufdd0\u{10ffff}",
  "invisible characters": "\u200b\u200d\u2060\u00ad\u202e",
};
