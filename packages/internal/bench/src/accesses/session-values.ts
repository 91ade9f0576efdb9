/** About the size of a session as JSON. */
export type Size = "0.6 KB" | "8 KiB";

/** What the sessions of every contender hold: 11 keys, the same in each session but for two numbers. */
export type Values = ReturnType<typeof valuesOf>;

/** Seven digits in every session, so that all sessions have the same length. */
const FIRST_NUMBER = 1_000_000;

/** The large values, which decide the size. */
const LARGE_VALUES = { "0.6 KB": largeValues(2, 3, 2), "8 KiB": largeValues(64, 50, 64) };

/** The values of the session with this index. */
export function valuesOf(index: number, size: Size) {
  const { cart, preferences, recent } = LARGE_VALUES[size];
  return {
    user: { id: FIRST_NUMBER + index, name: "Grace Hopper", email: "grace.hopper@example.org" },
    views: FIRST_NUMBER + index,
    csrf: "Zm9yZ2VyeS1pcy1ub3QtYS1zcG9ydC1oZXJl",
    roles: ["reader", "editor"],
    locale: "en-GB",
    theme: "dark",
    returnTo: "/catalogue/instruments?page=7",
    signedInAt: 1_790_000_000_000,
    // Spelled out because it is fast and part of what is timed. Copied because no two sessions may share an object.
    cart: cart.map(({ article, title, count, price }) => ({ article, title, count, price })),
    preferences: { ...preferences },
    recent: [...recent],
  };
}

export const KEYS = [
  "user",
  "views",
  "csrf",
  "roles",
  "locale",
  "theme",
  "returnTo",
  "signedInAt",
  "cart",
  "preferences",
  "recent",
] as const satisfies (keyof Values)[];

/** What a reading access makes of the two keys that it reads: no other session gives the same number. */
export function fingerprint({ user, views }: { user: { id: number }; views: number }): number {
  return user.id + views;
}

/** The fingerprint of the session with this index after so many changes. */
export function expectedFingerprint(index: number, changes = 0): number {
  return 2 * (FIRST_NUMBER + index) + changes;
}

/** Encodes sessions as JSON by putting other numbers into the text of the session with index 0. */
export class Template {
  readonly #parts: string[];

  constructor(size: Size) {
    this.#parts = JSON.stringify(valuesOf(0, size)).split(String(FIRST_NUMBER));
  }

  /** The text of the session with this index, as one flat string. */
  textOf(index: number, changes = 0): string {
    const [before, between, after] = this.#parts;
    return [before, FIRST_NUMBER + index, between, FIRST_NUMBER + index + changes, after].join("");
  }

  /** The fingerprint of a text, without parsing it. */
  fingerprintOf(text: string): number {
    const [before = "", between = ""] = this.#parts;
    const { length } = String(FIRST_NUMBER);
    const views = before.length + length + between.length;
    const numberAt = (start: number) => Number(text.slice(start, start + length));
    return numberAt(before.length) + numberAt(views);
  }
}

function largeValues(articles: number, choices: number, pages: number) {
  const numbers = (length: number) => Array.from({ length }, (_, number) => number);
  const setting = (number: number) => (number % 3 === 0 ? "compact" : number % 3 === 1);
  return {
    cart: numbers(articles).map((number) => ({
      article: `A-${1000 + number}`,
      title: "Brass sextant, boxed",
      count: 1,
      price: 12_900,
    })),
    preferences: Object.fromEntries(
      numbers(choices).map((number) => [`setting${number}`, setting(number)]),
    ),
    recent: numbers(pages).map((number) => `/catalogue/article-${number}/details`),
  };
}
