import type { Lifetime, RegenerateOptions, SessionSummary } from "@sess/core";

/** What a real session and its model have in common; what reaches the store is a promise or not. */
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
  takeFlash(kind: string): unknown;
  save(): unknown;
  reload(): unknown;
  regenerate(options?: RegenerateOptions): unknown;
  destroy(): unknown;
}

/** One thing done to a session, alone or inside an `update()`; what it gives is compared. */
export type Edit = (subject: Subject) => unknown;

/** What `update()` came to. */
export interface Updated<S extends Subject> {
  readonly session: S;
  /** What each edit gave in the run that was saved, as text. */
  readonly answers: readonly string[];
}

type Answer<T> = T | Promise<T>;

/** What a real manager and its model have in common. */
export interface Sessions<S extends Subject = Subject> {
  create(lifetime?: Lifetime): S;
  load(id: string): Answer<S | undefined>;
  open(id: string): Answer<S>;
  update(id: string, edits: readonly Edit[]): Answer<Updated<S> | undefined>;
  destroy(id: string): Answer<void>;
  list(owner?: string): Answer<readonly SessionSummary[]>;
  revoke(handle: string, options?: { owner?: string }): Answer<boolean>;
  revokeAll(owner: string, options?: { except?: S }): Answer<number>;
  sweep(): Answer<number>;
}
