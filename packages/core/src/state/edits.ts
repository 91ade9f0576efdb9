/** A flash message, encoded. */
export interface Message {
  readonly kind: string;
  readonly text: string;
}

/** One changed value. */
export interface ValueEdit {
  readonly key: string;
  /** Its encoding; undefined where the key was deleted. */
  readonly text: string | undefined;
  /** What it was encoded from, to tell after the save whether that is still the newest. */
  readonly source: { readonly value: unknown };
}

/**
 * What one attempt to save does to the stored state, encoded: the same edits can be laid over a
 * fresher state when a save was refused. `cleared` and `owner` are boxes, compared by identity, so
 * that what was asked for during a save is not taken for saved.
 */
export interface Edits {
  /** Drop every stored value first; flash messages and the owner stay. */
  readonly cleared?: object | undefined;
  readonly values: readonly ValueEdit[];
  /** Messages to add. */
  readonly messages: readonly Message[];
  /** Stored messages to remove; all of their kinds go. */
  readonly taken: readonly Message[];
  readonly owner?: { readonly value: string | undefined } | undefined;
}

export const NO_EDITS: Edits = {
  values: [],
  messages: [],
  taken: [],
};

export function isEmpty(edits: Edits): boolean {
  const { cleared, owner, values, messages, taken } = edits;
  return !cleared && !owner && values.length + messages.length + taken.length === 0;
}
