/**
 * What a client may send, or a mistake may pass, instead of `valid`, which is an id or a handle. None of
 * it has that shape.
 */
export function hostileForms(valid: string): unknown[] {
  const cut = valid.slice(0, -1);
  return [
    ...wrongTypes(valid),
    ...TEXTS,
    // A little too long or too short, or of the right length with one character of another alphabet.
    cut,
    valid.slice(1),
    `${valid}A`,
    `A${valid}`,
    `${valid}${valid}`,
    ...CHARACTERS.flatMap((character) => [
      `${valid}${character}`,
      `${character}${valid}`,
      `${cut}${character}`,
      `${cut.slice(0, 20)}${character}${cut.slice(20)}`,
    ]),
    ...CHARACTERS.map((character) => character.repeat(valid.length)),
    ...PATHS.map((path) => path.padEnd(valid.length, "/")),
    ...PATHS.map((path) => `${path}${valid}`),
    encodeURIComponent(`${valid}/`),
    `id=${valid}`,
    `id=${valid}\r\nSet-Cookie: x=y`,
    `"${valid}"`,
    JSON.stringify({ id: valid }),
    Buffer.from(valid).toString("hex"),
  ];
}

/** Values that are no owners. */
export function hostileOwners(): unknown[] {
  return [
    ...wrongTypes("ada").filter((value) => value !== undefined),
    "",
    "\0",
    "ada\0",
    "\0ada",
    "\ud800",
    "ada\udfff",
    "\udc00\ud800",
    "a".repeat(256),
    "é".repeat(128),
    "🍪".repeat(64),
    "a".repeat(1_048_576),
  ];
}

/** Values that are no strings, but that careless code would take for `text`. */
function wrongTypes(text: string): unknown[] {
  return [
    undefined,
    null,
    true,
    false,
    0,
    -0,
    1,
    text.length,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    10n ** 42n,
    Symbol(text),
    Symbol.iterator,
    {},
    [],
    [text],
    [[text]],
    [...text],
    new String(text),
    { toString: () => text },
    { valueOf: () => text, length: text.length },
    { toJSON: () => text },
    { [Symbol.toPrimitive]: () => text },
    Object.create(String.prototype),
    {
      get length(): never {
        throw new Error("It was looked into.");
      },
      toString(): never {
        throw new Error("It was turned into text.");
      },
    },
    new Proxy([text], {}),
    new Proxy(new String(text), {}),
    new Proxy(
      {},
      {
        get() {
          throw new Error("It was looked into.");
        },
      },
    ),
    Object.create(null),
    () => text,
    class Id {},
    Buffer.from(text),
    new Uint16Array([...text].map((character) => character.charCodeAt(0))),
    new Map([[text, text]]),
    new Set([text]),
    new Date(0),
    /./,
    Promise.resolve(text),
    { id: text, handle: text },
    { $ne: "" },
  ];
}

/** None of them is in the base64url alphabet, whatever they look like or are decoded to. */
const CHARACTERS = [
  ..."\0\u0001\b\t\n\v\f\r\u001b\u007f\u0085\u00a0\u2028\u2029\ufeff\u200b\u202e",
  ..." !\"#$%&'()*+,./:;<=>?@[\\]^`{|}~",
  // These look like a letter, or become one when case is folded or text is normalised.
  ..."\uff41\uff21\uff10\uff3f\uff0d\ufb00\u017f\u212a\u0391\u0430\u00e9\u0301",
  "🍪",
  "\ud800",
  "\udfff",
];

const PATHS = [
  "../",
  "..\\",
  "../../../etc/passwd",
  "/etc/passwd",
  "C:\\",
  "\\\\server\\share\\",
  "file:///",
  "./",
  "~/",
  "%2e%2e%2f",
  "..%2f",
  "%00",
  "%252e%252e",
  "..;/",
];

const TEXTS = [
  "",
  " ",
  "\r\nFLUSHALL\r\n",
  "*1\r\n$8\r\nFLUSHALL\r\n",
  "' OR 1=1 --",
  "'; DROP TABLE sessions; --",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "undefined",
  "null",
  "NaN",
  "[object Object]",
  "*",
  "?",
  "[a-z]*",
  "{}",
  "{a,b}",
  "$(reboot)",
  "`reboot`",
  "é".repeat(43),
  "\ud800".repeat(43),
  "A".repeat(1_048_576),
  "~".repeat(44),
];
