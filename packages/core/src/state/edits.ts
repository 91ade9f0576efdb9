/** A flash message, encoded. */
export interface Message {
  readonly kind: string;
  readonly text: string;
}

/** A value that was set, deleted or handed out. */
export interface Held {
  /** By reference: what it holds when saved is what is saved. */
  readonly value: unknown;
  /**
   * Its encoding: the stored one where it was handed out or saved; undefined where the key was deleted;
   * still to come, and empty, where an object was set.
   */
  text: string | undefined;
  /** Whether it was set or deleted here and is not saved. What was handed out may have been changed in place. */
  changed: boolean;
}

/** One changed value. */
export interface ValueEdit {
  readonly key: string;
  /** Its encoding; undefined where the key was deleted. */
  readonly text: string | undefined;
  /** What it was encoded from: another one where it has been set again since. */
  readonly held: Held;
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
  const { cleared, values, messages, taken, owner } = edits;
  return !cleared && !owner && values.length + messages.length + taken.length === 0;
}
