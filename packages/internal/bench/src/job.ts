import type { ContenderName } from "./contenders.ts";
import type { Size } from "./session-values.ts";

/** A kind of access. `bare` is the framework's own share in it. */
type Access = "read" | "readAll" | "change" | "create" | "extend" | "miss" | "bare";

/** A kind of access, and how many are under way at the same time. */
export interface Load {
  readonly work: Access;
  readonly atOnce: number;
}

/** Who is measured, and with how many sessions of which size. */
export interface Subject {
  readonly contender: ContenderName;
  readonly size: Size;
  readonly live: number;
  /** Of the server, where the contender needs one. */
  readonly url?: string;
}

/** Accesses under a stopwatch. Asked again, the same process goes on with the sessions it has. */
export interface AccessJob extends Subject {
  readonly kind: "accesses";
  readonly loads: readonly Load[];
  /** How long each is measured at least, in ms. */
  readonly time: number;
  readonly warmUp: WarmUp;
}

/**
 * How often an access is made before it is measured, so that its code is compiled, and how many times
 * as long as measuring that may take.
 */
export interface WarmUp {
  readonly calls: number;
  readonly patience: number;
}

/** How much memory or disk a session takes, when created one by one. */
export interface WeightJob extends Subject {
  readonly kind: "heap" | "disk";
}

/** How long the event loop stands still while expired sessions are removed. */
export interface SweepJob extends Subject {
  readonly kind: "sweep";
}

/** Every check of a contender, and nothing measured. */
interface CheckJob extends Subject {
  readonly kind: "check";
}

/** A server to be put under load, until its process ends. */
export interface ServerJob {
  readonly kind: "server";
  readonly server: ServerName;
  readonly live: number;
}

export type ServerName = "bare" | "sess" | "express-session";

/** The processor time that this process has used so far, in µs. */
interface UsageJob {
  readonly kind: "usage";
}

/** A job with one contender. */
export type SubjectJob = AccessJob | WeightJob | SweepJob | CheckJob;

export type Job = SubjectJob | ServerJob | UsageJob;

/** `µs`: time of one access; `CPU µs`: processor time of one access, of all threads. */
export type Unit = "µs" | "CPU µs" | "bytes" | "ms";

/** One number that a job has found. */
export interface Measured {
  readonly work: Access | "heap" | "disk" | "sweep";
  readonly atOnce: number;
  readonly unit: Unit;
  readonly value: number;
}

export interface Outcome {
  readonly title?: string;
  readonly lacks?: readonly string[];
  readonly measured?: readonly Measured[];
  /** Where the server listens, and what clients with a session send to it. */
  readonly port?: number;
  readonly cookies?: readonly string[];
  readonly usage?: number;
}

export type Answer = { readonly outcome: Outcome } | { readonly error: string };
