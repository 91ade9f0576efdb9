/** What one lane does to one of its sessions. `id` is the one that the session has before. */
export type Operation =
  | { readonly kind: "create"; readonly id: string; readonly text: string }
  | { readonly kind: "save"; readonly id: string; readonly text: string }
  | { readonly kind: "flash"; readonly id: string; readonly message: string }
  | {
      readonly kind: "update" | "take" | "touch" | "regenerate" | "destroy" | "revoke";
      readonly id: string;
    };

/** What came of it, as far as that is to be known. */
export interface Outcome {
  /** The id that the session has got. */
  readonly id?: string;
  readonly messages?: readonly string[];
  readonly expiresAt?: number;
}

/** What the process with the lanes tells, line by line. */
export type Report =
  | { readonly is: "opening" | "open" }
  | { readonly is: "begun"; readonly lane: number; readonly operation: Operation }
  | { readonly is: "done"; readonly lane: number; readonly outcome: Outcome }
  | { readonly is: "failed"; readonly lane: number; readonly error: string };

/** What sessions hold here. */
export interface Values {
  text: string;
  count: number;
}

export interface Messages {
  note: string;
}

/** Of what a process with lanes is told to do. */
export interface Orders {
  readonly location: string;
  readonly sync: boolean;
  readonly seed: number;
  /** The ids that each lane starts with. */
  readonly lanes: readonly (readonly string[])[];
  /** Only saves: nothing of what ends a session and would carry unsynced saves to the disk with it. */
  readonly savesOnly?: boolean;
}

export function ownerOf(lane: number): string {
  return `lane ${lane}`;
}
