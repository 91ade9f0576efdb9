import { describe, expect, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import * as http from "@sess/http";
import * as express from "@sess/http/express";
import * as fastify from "@sess/http/fastify";
import * as hono from "@sess/http/hono";
import * as koa from "@sess/http/koa";
import { MemoryStore } from "@sess/store-memory";

describe("the entries", () => {
  test.each(Object.entries({ http, express, fastify, hono, koa }))(
    "%s exports session and no other value",
    (_, entry) => {
      expect(Object.keys(entry)).toEqual(["session"]);
    },
  );
});

test("a layer has these members and no other", () => {
  const sessions = new SessionManager({ store: new MemoryStore(), sweepInterval: 0 });
  const members = Object.keys(http.session(sessions)).sort();
  expect(members).toEqual(["cookie", "fetch", "handler", "load", "of"]);
});
