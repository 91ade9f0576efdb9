import { assertHandles, assertHolds, assertResolved, collect } from "../harness/assertions.ts";
import { clause } from "../harness/clause.ts";
import { oddText } from "../harness/odd-text.ts";

const SHOWN_CHARACTERS = 40;

/** Names that an engine might take for one another. */
const groups: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    Object.entries(oddText).map(([kind, text]) => [
      `owners with ${kind}`,
      [text, `${text}a`, text.slice(0, -2)],
    ]),
  ),
  "owners that begin alike": ["a", "ad", "ada", "adaa", "ada!", "ada/", "ada:", "ada\u0001"],
  "owners that end alike": ["ada", " ada", "!ada", ":ada", "~ada", "\u0001ada"],
  "owners that are patterns": ["a%", "a_", "a*", "a?", "[a]b", "ab", "a.", "aab"],
  "owners in different case": ["ada", "Ada", "ADA", "stra\u00dfe", "STRASSE", "strasse"],
  "owners in different Unicode forms": ["\u00e9", "e\u0301", "e"],
  "owners with spaces": ["ada", "ada ", " ada", "ada  "],
  "numbers in different spellings": ["1", "01", "1.0", "1e0", "+1", " 1"],
  "owners of one byte": ["a", "b", "!", "~", "\u0001", "\u007f"],
  "owners of 255 bytes": ["a".repeat(255), `${"a".repeat(254)}b`, "a".repeat(254)],
  "owners of 85 three-byte characters": ["漢".repeat(85), `${"漢".repeat(84)}字`],
};

/** Owners are compared byte by byte: a list with another user's session would sign that user out. */
export const ownerComparison = Object.entries(groups).flatMap(([kind, names]) =>
  clause(
    "owner",
    { sentence: 3, needs: ["list"] },
    {
      [`${kind} are told apart`]: async (store, fixture) => {
        const handles = new Map(names.map((owner) => [owner, fixture.handle()]));
        for (const [owner, handle] of handles) {
          const record = fixture.record({ owner });
          assertResolved(await store.save(handle, record), true, "save()", "the owner is legal");
          await assertHolds(store, handle, record, "the owner comes back unchanged");
        }
        for (const [owner, handle] of handles) {
          const shown = JSON.stringify(owner.slice(0, SHOWN_CHARACTERS));
          const reason = `this is the only session of ${shown}`;
          assertHandles(await collect(store.list(owner)), [handle], reason);
        }
      },
    },
  ),
);
