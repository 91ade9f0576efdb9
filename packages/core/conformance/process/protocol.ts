import { isObject } from "../../src/adapter/objects.ts";
import type { SaveOptions, SessionRecord } from "../../src/contract/store.ts";
import type { DuelName, DuelTerms, Side } from "../races/duel.ts";

/** What the suite asks of the other process. `store` and `listing` are numbers that it has given out. */
export type Request =
  | { readonly ask: "open"; readonly address: string }
  | { readonly ask: "load"; readonly store: number; readonly handle: string }
  | {
      readonly ask: "save";
      readonly store: number;
      readonly handle: string;
      readonly record: SessionRecord;
      readonly options: SaveOptions | undefined;
    }
  | {
      readonly ask: "delete";
      readonly store: number;
      readonly handle: string;
      readonly revision: number | undefined;
    }
  | {
      readonly ask: "touch";
      readonly store: number;
      readonly handle: string;
      readonly expiresAt: number;
      readonly revision: number | undefined;
    }
  | { readonly ask: "list"; readonly store: number; readonly owner: string | undefined }
  | { readonly ask: "next" | "leave"; readonly listing: number }
  | { readonly ask: "sweep" | "close" | "forget"; readonly store: number }
  | { readonly ask: "time"; readonly now: number | undefined; readonly shift: number }
  | {
      readonly ask: "duel";
      readonly store: number;
      readonly duel: DuelName;
      readonly side: Side;
      readonly terms: DuelTerms;
    };

/** A request on its way. The answer has its number. */
export interface Message {
  readonly id: number;
  readonly request: Request;
}

/** A store that the other process has opened. */
export interface Opened {
  readonly store: number;
  /** The optional methods that it has. */
  readonly methods: readonly string[];
  readonly maxBytes: number | undefined;
  /** Whether its clock is a server's, which the suite cannot set in that process. */
  readonly hasServerClock: boolean;
}

export interface ToldError {
  readonly name: string;
  readonly message: string;
  readonly code: unknown;
  readonly stack: string | undefined;
}

/**
 * What the other process sends: that it is ready, that a duel has begun, or an answer. `never` fits
 * whatever was asked for: both ends are this package's.
 */
export type Reply =
  | { readonly tells: "ready" }
  | { readonly tells: "begun"; readonly id: number }
  | { readonly tells: "answer"; readonly id: number; readonly value: never }
  | { readonly tells: "error"; readonly id: number; readonly error: ToldError };

export function isMessage(value: unknown): value is Message {
  return isObject(value) && isObject(value["request"]);
}

export function isReply(value: unknown): value is Reply {
  return isObject(value) && typeof value["tells"] === "string";
}

/** An error in a form that crosses processes whatever it holds. */
export function toldError(error: unknown): ToldError {
  if (!(error instanceof Error)) {
    return { name: "Error", message: String(error), code: undefined, stack: undefined };
  }
  const code = "code" in error ? error.code : undefined;
  const isPlain = typeof code === "string" || typeof code === "number";
  const { name, message, stack } = error;
  return { name, message, code: isPlain ? code : undefined, stack };
}

/** The error as it was told, with the stack of the process that it comes from. */
export function errorFrom({ name, message, code, stack }: ToldError): Error {
  const error = Object.assign(new Error(message), { name, code });
  if (stack !== undefined) error.stack = stack;
  return error;
}
