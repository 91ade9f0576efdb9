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
