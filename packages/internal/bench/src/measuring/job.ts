import type { Size } from "../accesses/session-values.ts";
import type { ContenderName } from "../contenders/all.ts";

/** A kind of access. A miss is a read without a session; `bare` is the framework's own share. */
export type AccessName = "read" | "readAll" | "change" | "extend" | "create" | "miss" | "bare";

/** A kind of access, and how many of them are under way at once. */
export interface Load {
  readonly access: AccessName;
  readonly atOnce: number;
}

/** Who is measured, with how many sessions of which size. */
export interface Subject {
  readonly contender: ContenderName;
  readonly size: Size;
  readonly sessions: number;
  /** The server, for contenders that need one. */
  readonly url: string;
}

/** Times accesses. When asked again, a process goes on with the sessions that it has. */
export interface AccessJob extends Subject {
  readonly kind: "accesses";
  readonly loads: readonly Load[];
  /** How long each load is measured, in ms. */
  readonly time: number;
  readonly warmUp: WarmUp;
}

/** How often an access is made before it is measured, so that its code is compiled. */
interface WarmUp {
  readonly calls: number;
  /** Where the calls take long, it ends after this many times the time of a measurement. */
  readonly times: number;
}

/**
 * - `heap`, `disk`: measures the space that a session takes.
 * - `sweep`: measures how long a sweep stalls the event loop. May be asked again, too.
 * - `server`: serves the contender over HTTP until the process is stopped.
 * - `proof`: proves the contender and measures nothing.
 */
interface OtherJob extends Subject {
  readonly kind: "heap" | "disk" | "sweep" | "server" | "proof";
}

/** Tells the processor time that the process has used. */
interface UsageJob {
  readonly kind: "usage";
}

export type Job = AccessJob | OtherJob | UsageJob;

/** `µs`: time of one access. `CPU µs`: processor time of one access, of all threads. */
type Unit = "µs" | "CPU µs" | "bytes" | "ms";

/** One figure of one round. */
export interface Measured {
  readonly access: AccessName | "heap" | "disk" | "sweep";
  readonly atOnce: number;
  readonly unit: Unit;
  readonly value: number;
}

/** What a worker process answers to a job. */
export interface Outcome {
  readonly measured?: readonly Measured[];
  /** The port of a server, and the Cookie headers of its clients. */
  readonly server?: { readonly port: number; readonly cookies: readonly string[] };
  /** Processor time in µs. */
  readonly usage?: number;
}

export type Answer = { readonly outcome: Outcome } | { readonly error: string };

/** How much is measured. */
export interface Effort {
  /** The worker program. */
  readonly program: string;
  readonly rounds: number;
  /** How long each kind of access is measured, in ms. */
  readonly time: number;
  /** Divides the numbers of sessions, for a quick run. */
  readonly divisor: number;
}
