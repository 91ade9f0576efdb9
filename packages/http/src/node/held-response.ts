import type { ServerResponse } from "node:http";
import { type AnySession, SessionError } from "@sess/core";
import { addSessionHeaders } from "../answer/answer-headers.ts";
import { VisitError } from "../answer/visit-error.ts";
import type { Visit } from "../visit/visit.ts";
import { applyHead } from "./head.ts";
import { type Call, HeldCalls, type Method, type Originals, pass } from "./held-calls.ts";
import { OutgoingHeaders } from "./outgoing-headers.ts";
import { PatientConnection } from "./patient-connection.ts";
import { dropPrepared } from "./prepared-answer.ts";
import { headersSent, SentLook } from "./sent-look.ts";

/** A visit whose session must be saved before the answer begins, and whom to tell if that fails. */
interface Member {
  readonly visit: Visit<AnySession>;
  readonly fail: (error: unknown) => void;
}

const HELD_BY = Symbol("@sess/http");

/** Where the shared functions find what holds a response. A `WeakMap` would cost the collector more. */
interface Holdable {
  [HELD_BY]?: HeldResponse;
}

/**
 * A response that waits for its sessions. The functions that begin an answer are replaced on this one
 * response. While a save runs, what they are called with is queued, as it is behind a slow socket; then
 * it goes to the functions that were there before, so that whatever else has wrapped the response keeps
 * working. They stay in place: others may have wrapped them in turn.
 */
export class HeldResponse {
  readonly #response: ServerResponse;
  readonly #originals: Originals;
  readonly #members: Member[] = [];
  /** Streams that are piped into the response. */
  readonly #sources: NodeJS.ReadableStream[] = [];
  #phase: "open" | "saving" | "begun" = "open";
  #calls: HeldCalls | undefined;
  #look: SentLook | undefined;
  /** A prepared answer was dropped; whoever still writes to it must not write into the error's. */
  #hasDropped = false;
  #hasEnded = false;

  private constructor(response: ServerResponse) {
    this.#response = response;
    const { writeHead, write, end, flushHeaders } = response;
    this.#originals = { writeHead, write, end, flushHeaders };
    if (response.headersSent) this.#phase = "begun";
    else Object.assign(response, HELD);
    response.on("pipe", notePipe);
    response.on("close", noteClose);
  }

  /** Has the answer wait for a visit. One that has begun already goes on. */
  static hold(response: ServerResponse & Holdable, member: Member): void {
    response[HELD_BY] ??= new HeldResponse(response);
    response[HELD_BY].#members.push(member);
  }

  /** A call of one of the replaced functions. */
  call(call: Call): unknown {
    if (this.#phase === "open") {
      const isHead = call.method !== "writeHead" || applyHead(this.#response, call.args);
      if (!isHead) return pass(this.#originals, this.#response, call);
      this.#begin();
    }
    if (this.#phase === "saving") return this.#hold(call);
    if (this.#hasDropped && this.#hasEnded) return call.method === "write" ? false : this.#response;
    const result = pass(this.#originals, this.#response, withoutHeaders(call));
    // Not before: ending writes the head, by a call of its own.
    if (call.method === "end") this.#hasEnded = true;
    return result;
  }

  pipedFrom(source: NodeJS.ReadableStream): void {
    this.#sources.push(source);
  }

  closed(): void {
    if (this.#phase !== "begun") return;
    for (const { visit } of this.#members) visit.close(this.#response.statusCode);
  }

  /** The answer begins, at once where nothing needs saving. */
  #begin(): void {
    const { statusCode } = this.#response;
    const saves = this.#members.map(({ visit }) => visit.save(statusCode));
    if (saves.every((each) => each === undefined)) this.#release();
    else void this.#saveFirst(saves);
  }

  async #saveFirst(saves: readonly (Promise<void> | undefined)[]): Promise<void> {
    this.#phase = "saving";
    this.#calls = new HeldCalls(this.#response);
    this.#look = new SentLook(this.#response);
    this.#look.on();
    const connection = PatientConnection.of(this.#response);
    connection?.wait();
    const results = await Promise.allSettled(saves);
    this.#look.off();
    const failed = results.findIndex(({ status }) => status === "rejected");
    const failure = results[failed];
    if (failure?.status === "rejected") {
      this.#fail(VisitError.from(failure.reason), this.#members[failed]);
    } else {
      this.#replay();
    }
    connection?.go();
  }

  #replay(): void {
    try {
      this.#release();
      this.#calls?.replay(this.#originals);
    } catch (error) {
      // What was queued is something that the response refuses.
      if (this.#response.headersSent) this.#response.destroy();
      else this.#fail(error, this.#members[0]);
    }
  }

  /** Nothing holds the answer any more. */
  #release(): void {
    this.#phase = "begun";
    if (this.#response.headersSent) return;
    const cookies = this.#members.flatMap(({ visit }) => visit.takeCookies());
    addSessionHeaders(new OutgoingHeaders(this.#response), cookies);
  }

  #hold(call: Call): unknown {
    const isSecondHead = call.method === "writeHead" && this.#calls?.isEmpty === false;
    if (isSecondHead) throw headersSent();
    if (call.method === "end") this.#look?.end();
    return this.#calls?.add(withoutHeaders(call));
  }

  /** Drops the prepared answer; the framework gives another one, which begins as any does. */
  #fail(error: unknown, member: Member | undefined): void {
    this.#phase = "open";
    this.#hasDropped = true;
    this.#hasEnded = false;
    for (const source of this.#sources.splice(0)) source.unpipe(this.#response);
    this.#calls?.drop(error);
    dropPrepared(this.#response, error instanceof SessionError ? error.status : 500);
    try {
      if (this.#isWrapped) this.call({ method: "end", args: [] });
      else member?.fail(error);
    } catch {
      this.#response.destroy();
    }
  }

  /** Something has wrapped the response since, and may have changed the body: it cannot be taken back. */
  get #isWrapped(): boolean {
    return this.#response.write !== HELD.write || this.#response.end !== HELD.end;
  }
}

/** Shared by all responses: functions for each of them would cost more than the rest of a visit. */
const HELD = {
  writeHead: heldFunction("writeHead"),
  write: heldFunction("write"),
  end: heldFunction("end"),
  flushHeaders: heldFunction("flushHeaders"),
};

function heldFunction(method: Method) {
  return function held(this: Holdable, ...args: unknown[]): unknown {
    return this[HELD_BY]?.call({ method, args });
  };
}

function notePipe(this: Holdable, source: NodeJS.ReadableStream): void {
  this[HELD_BY]?.pipedFrom(source);
}

function noteClose(this: Holdable): void {
  this[HELD_BY]?.closed();
}

/** The headers that `writeHead` was given are on the response already. */
function withoutHeaders({ method, args }: Call): Call {
  return { method, args: method === "writeHead" ? args.slice(0, 1) : args };
}
