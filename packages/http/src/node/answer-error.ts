import type { ServerResponse } from "node:http";
import { isObject } from "@sess/core/adapter";
import { reasonOf } from "../answer/visit-error.ts";
import { dropPrepared } from "./prepared-answer.ts";

const LEAST_ERROR = 400;
const MOST_ERROR = 599;
const SERVER_ERROR = 500;

/** Answers with the error's status, for servers without a framework. */
export function answerError(response: ServerResponse, error: unknown): void {
  const status = statusOf(error);
  // biome-ignore lint/suspicious/noConsole: as frameworks do, so that no fault of the program is lost.
  if (status === SERVER_ERROR) console.error(error);
  if (response.headersSent) {
    // The answer has begun, so all that can be said is that it is not whole.
    if (!response.writableEnded) response.destroy();
    return;
  }
  dropPrepared(response, status);
  if (isObject(error) && isObject(error["headers"])) {
    for (const [name, value] of Object.entries(error["headers"])) {
      response.setHeader(name, String(value));
    }
  }
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  response.end(reasonOf(status));
}

function statusOf(error: unknown): number {
  const status = isObject(error) ? error["status"] : undefined;
  const isError = typeof status === "number" && status >= LEAST_ERROR && status <= MOST_ERROR;
  return isError ? status : SERVER_ERROR;
}
