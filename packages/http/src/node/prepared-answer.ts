import type { ServerResponse } from "node:http";
import { describesBody } from "../answer/answer-headers.ts";
import { isHttp2 } from "./head.ts";

/** Takes off a response what describes an answer that will not be sent. */
export function dropPrepared(response: ServerResponse, status: number): void {
  for (const name of response.getHeaderNames()) {
    if (describesBody(name)) response.removeHeader(name);
  }
  // An error handler that sets no status must not send the one of a success.
  response.statusCode = status;
  if (!isHttp2(response)) response.statusMessage = "";
}
