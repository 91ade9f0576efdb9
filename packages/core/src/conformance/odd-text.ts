const every = (from: number, to: number) =>
  String.fromCharCode(...Array.from({ length: to - from + 1 }, (_, index) => from + index));

/**
 * Text that is legal and has broken some store or other. What the contract excludes, NUL and unpaired
 * surrogates, is not among it: core lets none of it come this far.
 */
export const oddText: Readonly<Record<string, string>> = {
  "line feeds": "one\ntwo\n\nthree\n",
  "carriage returns": "one\rtwo\r\nthree\r",
  tabs: "\tone\t\ttwo\t",
  "spaces at both ends": "  one two  ",
  "exclamation marks": "!one!two!!",
  slashes: "/one/../two//\\three\\",
  colons: ":one:two::",
  "per cent signs": "%one%00%2F%%s%",
  quotes: `'one' "two" \`three\` '' "" \\' \\"`,
  underscores: "_one_two__",
  "asterisks and brackets": "*one?[a-z]{0}(two)^$|",
  braces: "{user}:{1}",
  "statements of SQL": "'; DROP TABLE sessions; --",
  "dollar signs": "$1 $& $$ $" + "{one}",
  "words that mean nothing": "undefined null NaN false 0",
  "a word of every object": "__proto__",
  JSON: '{"__proto__":{"admin":true},"a":[1,null]}',
  "control characters": every(0x01, 0x1f) + every(0x7f, 0x9f),
  "letters of Latin-1": every(0xa0, 0xff),
  "composed and decomposed letters": "\u00e9 e\u0301 \u212b \u00c5 \ufb01",
  "letters that change length with case": "\u0130\u0131\u00df\u1e9e",
  "scripts of the world": "Ж λ 漢字 हिन्दी ภาษา עברית",
  emoji: "😀 👩‍👩‍👧 🇸🇪 👍🏽",
  "line separators": "one\u2028two\u2029three\u0085",
  "a byte order mark": "\ufeffone\ufeff",
  "replacement and private characters": "\ufffd\ue000\uf8ff",
  noncharacters: "\uffff\ufffe\ufdd0\u{10ffff}",
  "characters that cannot be seen": "\u200b\u200d\u2060\u00ad\u202e",
};
