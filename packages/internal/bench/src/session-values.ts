/** About the size of a session as JSON. */
export type Size = "0.6 KB" | "8 KiB";

/** What every contender's sessions hold: 11 keys, alike but for two numbers. */
export interface Values {
  user: { id: number; name: string; email: string };
  views: number;
  csrf: string;
  roles: string[];
  locale: string;
  theme: string;
  returnTo: string;
  signedInAt: number;
  cart: Article[];
  preferences: Record<string, string | number | boolean>;
  recent: string[];
}

interface Article {
  article: string;
  title: string;
  count: number;
  price: number;
}

/** The number of the first session. Seven digits, as all others: every session is as long as this one. */
const FIRST = 1_000_000;

/** What makes a session as large as it is. */
const SHARES = { "0.6 KB": shareOf(2, 3, 2), "8 KiB": shareOf(64, 50, 64) };

/** The values of the session with this number, counted from 0. */
export function valuesOf(index: number, size: Size): Values {
  const { cart, preferences, recent } = SHARES[size];
  return {
    user: { id: FIRST + index, name: "Grace Hopper", email: "grace.hopper@example.org" },
    views: FIRST + index,
    csrf: "Zm9yZ2VyeS1pcy1ub3QtYS1zcG9ydC1oZXJl",
    roles: ["reader", "editor"],
    locale: "en-GB",
    theme: "dark",
    returnTo: "/catalogue/instruments?page=7",
    signedInAt: 1_790_000_000_000,
    // Copied fast, since it is a part of what is timed; no two sessions share an object.
    cart: cart.map(({ article, title, count, price }) => ({ article, title, count, price })),
    preferences: { ...preferences },
    recent: [...recent],
  };
}

/** What a reading access returns of a session's two keys: enough to tell it from all others. */
export function seen({ user, views }: Pick<Values, "user" | "views">): number {
  return user.id + views;
}

/** What `seen` returns for a session that was changed so many times. */
export function expected(index: number, changes = 0): number {
  return 2 * (FIRST + index) + changes;
}

/** Encoded sessions, made from the text of the first by putting in another's number. */
export class Template {
  readonly #parts: string[];

  constructor(first: string) {
    this.#parts = first.split(String(FIRST));
  }

  /** One flat string, as if encoded after so many changes. */
  at(index: number, changes = 0): string {
    const [before, between, after] = this.#parts;
    return [before, FIRST + index, between, FIRST + index + changes, after].join("");
  }

  /** Where the two numbers stand. */
  get places(): [number, number] {
    const [before = "", between = ""] = this.#parts;
    const length = String(FIRST).length;
    return [before.length, before.length + length + between.length];
  }
}

function shareOf(
  articles: number,
  choices: number,
  pages: number,
): Pick<Values, "cart" | "preferences" | "recent"> {
  return {
    cart: Array.from({ length: articles }, (_, place) => article(place)),
    preferences: Object.fromEntries(Array.from({ length: choices }, (_, place) => choice(place))),
    recent: Array.from({ length: pages }, (_, place) => `/catalogue/article-${place}/details`),
  };
}

function article(place: number): Article {
  return { article: `A-${1000 + place}`, title: "Brass sextant, boxed", count: 1, price: 12_900 };
}

function choice(place: number): [string, string | number | boolean] {
  const name = `setting${place}`;
  return [name, place % 3 === 0 ? "compact" : place % 3 === 1];
}
