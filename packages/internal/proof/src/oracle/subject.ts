import type { Lifetime, RegenerateOptions, SessionSummary } from "@sess/core";

/** The real thing answers later what it has to ask the store for; the oracle answers at once. */
export type Answer<T> = T | Promise<T>;

/** What steps do with a session, be it a real one or the oracle's. */
export interface Subject {
  readonly id: string;
  readonly handle: string;
  readonly isNew: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  owner: string | undefined;
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  has(key: string): boolean;
  delete(key: string): boolean;
  clear(): void;
  keys(): string[];
  pop(key: string): unknown;
  flash(kind: string, message: unknown): void;
  takeFlash(kind: string): Answer<unknown[]>;
  save(): Answer<void>;
  reload(): Answer<void>;
  regenerate(options?: RegenerateOptions): Answer<void>;
  destroy(): Answer<void>;
}

/** One thing done to a session, alone or inside `update()`. */
export type Edit = (subject: Subject) => unknown;

export interface Updated<S extends Subject> {
  readonly session: S;
  /** What each edit answered in the run that was saved, as text. */
  readonly answers: readonly string[];
}

/** What is under an id. */
export type Found<S extends Subject> =
  | { readonly status: "live"; readonly session: S }
  | { readonly status: "moved"; readonly movedAt: Date }
  | { readonly status: "unknown" };

/** What steps do with a manager. */
export interface Sessions<S extends Subject = Subject> {
  create(lifetime?: Lifetime): S;
  load(id: string): Answer<S | undefined>;
  open(id: string): Answer<S>;
  lookup(id: string): Answer<Found<S>>;
  update(id: string, edits: readonly Edit[]): Answer<Updated<S> | undefined>;
  /** What each edit answered in the run that was saved, as text. */
  updateObject(object: S, edits: readonly Edit[]): Answer<readonly string[]>;
  destroy(id: string): Answer<void>;
  list(owner?: string): Answer<readonly SessionSummary[]>;
  revoke(handle: string, options?: { owner?: string }): Answer<boolean>;
  revokeAll(owner: string, options?: { except?: S }): Answer<number>;
  sweep(): Answer<number>;
}
