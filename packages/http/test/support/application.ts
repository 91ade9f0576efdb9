import type { Readable } from "node:stream";
import type { Session, SessionManager } from "@sess/core";
import type { HttpOptions } from "@sess/http";

/** A request as the suite's handlers see it, whatever framework carries it. */
export interface Visit {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly session: PromiseLike<Session>;
  /** The second layer's session, if there is one. */
  readonly admin: PromiseLike<Session>;
}

/** What a handler answers, to be said in the framework's own words. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Readable;
}

export type Handler = (visit: Visit) => Answer | Promise<Answer>;

interface LayerOptions {
  readonly sessions: SessionManager;
  readonly options?: HttpOptions;
}

export interface Application {
  readonly layers: readonly LayerOptions[];
  readonly handler: Handler;
}

/** A server that runs an application. */
export interface Server {
  readonly origin: string;
  close(): Promise<void>;
}

export interface Binding {
  readonly name: string;
  readonly kind: "node" | "fetch";
  readonly isHttp2?: true;
  serve(application: Application): Promise<Server>;
}

/** An error as handlers throw it, with the status that frameworks read. */
export function httpError(status: number): Error {
  return Object.assign(new Error(`The handler says ${status}.`), { status, statusCode: status });
}

/** The body that the applications' error handlers answer with. */
export function errorBody(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "none";
  return `error handler: ${code}`;
}

/** The status of an error, 500 without one. */
export function errorStatus(error: unknown): number {
  const status = error instanceof Error && "status" in error ? error.status : undefined;
  return typeof status === "number" ? status : 500;
}
