import type { ServerResponse } from "node:http";
import type { AnswerHeaders } from "../answer/answer-headers.ts";

/** The headers of a response of `node:http` or `node:http2`. */
export class OutgoingHeaders implements AnswerHeaders {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get(name: string): string | null {
    const value = this.#response.getHeader(name);
    return value === undefined ? null : String(value);
  }

  set(name: string, value: string): void {
    this.#response.setHeader(name, value);
  }

  append(name: string, value: string): void {
    const present = this.#response.getHeader(name);
    if (present === undefined) this.#response.setHeader(name, value);
    else this.#response.setHeader(name, [present, value].flat().map(String));
  }
}
