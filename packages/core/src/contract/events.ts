/** What came of an operation. */
export type Outcome = "hit" | "miss" | "saved" | "touched" | "unchanged" | "rebased" | "refused";

/** The context object of the channels `sess:load`, `sess:save` and `sess:delete`. */
export interface SessionEvent {
  /** Whose event it is. Never the id. */
  readonly handle: string;
  outcome?: Outcome;
  /** How often the store was asked to write; absent if it was not asked. */
  attempts?: number;
  error?: unknown;
}

/** The context object of the channel `sess:regenerate`. */
export interface RegenerateEvent extends SessionEvent {
  /** The handle that the session has now; `handle` is the one that it had. */
  newHandle?: string;
}

/** The context object of the channel `sess:sweep`. */
export interface SweepEvent {
  /** How many expired records were removed. */
  removed?: number;
  error?: unknown;
}
