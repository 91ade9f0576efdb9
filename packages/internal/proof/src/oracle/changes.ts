import type { Codec } from "@sess/core";
import type { Stored } from "./stored.ts";

/** A change that is not saved yet. */
export type Change =
  | { readonly do: "set"; readonly key: string; readonly text: string }
  | { readonly do: "delete"; readonly key: string }
  | { readonly do: "clear" }
  | { readonly do: "own"; readonly owner: string | undefined }
  | { readonly do: "flash"; readonly kind: string; readonly text: string }
  | { readonly do: "take"; readonly kind: string };

/** `stored` as it is with one more change. */
export function changed(stored: Stored, change: Change): Stored {
  const { values, messages } = stored;
  const others = [...values].filter(([key]) => !("key" in change) || key !== change.key);
  switch (change.do) {
    case "set":
      return { ...stored, values: new Map([...others, [change.key, change.text]]) };
    case "delete":
      return { ...stored, values: new Map(others) };
    case "clear":
      return { ...stored, values: new Map() };
    case "own":
      return { ...stored, owner: change.owner };
    case "flash":
      return { ...stored, messages: [...messages, change] };
    case "take":
      return { ...stored, messages: messages.filter(({ kind }) => kind !== change.kind) };
  }
}

/** Objects that callers have in hand and may change in place, by key. */
export type HandedOut = Map<string, unknown>;

/** A change for each value that was changed in place. */
export function changesInPlace(handedOut: HandedOut, shown: Stored, codec: Codec): Change[] {
  return [...handedOut].flatMap(([key, value]): Change[] => {
    const text = codec.stringify(value);
    const before = shown.values.get(key) ?? "";
    // A codec may encode what it decoded differently from how it found it.
    const isSame = text === before || text === codec.stringify(codec.parse(before));
    return isSame ? [] : [{ do: "set", key, text }];
  });
}

/** Forgets the objects whose values are others now: whoever holds one changes nothing with it any more. */
export function letGo(handedOut: HandedOut, before: Stored, after: Stored): void {
  for (const key of handedOut.keys()) {
    if (after.values.get(key) !== before.values.get(key)) handedOut.delete(key);
  }
}
