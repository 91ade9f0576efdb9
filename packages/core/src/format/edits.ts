/** A flash message, encoded. */
export interface Message {
  readonly kind: string;
  readonly text: string;
}

/** A value that was set, changed in place or deleted. */
export interface ValueEdit {
  readonly key: string;
  /** The value, encoded; undefined if the key was deleted. */
  readonly text: string | undefined;
}

/** What one save changes, encoded: the same edits can be applied to newer state when a save is refused. */
export interface Edits {
  /** Whether every stored value goes first. Flash messages and the owner stay. */
  readonly clearsValues: boolean;
  readonly values: readonly ValueEdit[];
  readonly addedMessages: readonly Message[];
  /** Stored messages of these kinds go. */
  readonly removedKinds: readonly string[];
  /** Absent if the owner stays as it is. */
  readonly owner?: { readonly name: string | undefined } | undefined;
}

/** Whether a save of these would change nothing. */
export function isEmpty(edits: Edits): boolean {
  return (
    !edits.clearsValues &&
    edits.owner === undefined &&
    edits.values.length === 0 &&
    edits.addedMessages.length === 0 &&
    edits.removedKinds.length === 0
  );
}
