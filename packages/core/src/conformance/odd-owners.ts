import { assertAnswer, assertHolds, assertKeys, collect } from "./assertions.ts";
import { clause } from "./clause.ts";
import { oddText } from "./odd-text.ts";

/** Owners that must not be taken for each other. */
const owners: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    Object.entries(oddText).map(([kind, text]) => [
      `owners of ${kind}`,
      [text, `${text}a`, text.slice(0, -2)],
    ]),
  ),
  "owners that others begin with": ["a", "ad", "ada", "adaa", "ada!", "ada/", "ada:", "ada\u0001"],
  "owners that others end with": ["ada", " ada", "!ada", ":ada", "~ada", "\u0001ada"],
  "owners that are patterns of others": ["a%", "a_", "a*", "a?", "[a]b", "ab", "a.", "aab"],
  "owners in other case": ["ada", "Ada", "ADA", "stra\u00dfe", "STRASSE", "strasse"],
  "owners composed otherwise": ["\u00e9", "e\u0301", "e"],
  "owners with spaces": ["ada", "ada ", " ada", "ada  "],
  "numbers spelt otherwise": ["1", "01", "1.0", "1e0", "+1", " 1"],
  "owners of one byte": ["a", "b", "!", "~", "\u0001", "\u007f"],
  "owners of 255 bytes": ["a".repeat(255), `${"a".repeat(254)}b`, "a".repeat(254)],
  "owners of 85 characters of three bytes": ["漢".repeat(85), `${"漢".repeat(84)}字`],
};

/** Owners are compared to the byte: a list that took in a neighbour's session would sign it out. */
export const oddOwners = Object.entries(owners).flatMap(([kind, names]) =>
  clause("owner", ["list"], {
    [`${kind} are told apart`]: async (store, lab) => {
      const keys = new Map(names.map((owner) => [owner, lab.key()]));
      for (const [owner, key] of keys) {
        const record = lab.record({ owner });
        assertAnswer(await store.save(key, record), true, "save()", "the owner is legal");
        await assertHolds(store, key, record, "the owner comes back unchanged");
      }
      for (const [owner, key] of keys) {
        const reason = `those are the sessions of ${JSON.stringify(owner.slice(0, 40))}`;
        assertKeys(await collect(store.list(owner)), [key], reason);
      }
    },
  }),
);
