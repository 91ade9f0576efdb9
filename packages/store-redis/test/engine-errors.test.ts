import { expect, test } from "@jest/globals";
import { RedisStore } from "@sess/store-redis";
import { MaxRetriesPerRequestError } from "ioredis/built/errors";
import {
  AbortError,
  ClientClosedError,
  ClientOfflineError,
  ConnectionTimeoutError,
  ErrorReply,
  MaxCommandRedirectionsError,
  RootNodesUnavailableError,
  SocketClosedUnexpectedlyError,
  SocketTimeoutError,
  TimeoutError,
} from "redis";
import { handle, record, rejection } from "./scratch.ts";

/** The first save on a client that fails like that. */
function failing(error: unknown): Promise<unknown> {
  const store = new RedisStore({ sendCommand: () => Promise.reject(error) });
  return rejection(store.save(handle(1), record()));
}

test.each([
  ["LOADING Redis is loading the dataset in memory", "still loading"],
  ["READONLY You can't write against a read only replica.", "is a replica"],
  ["CLUSTERDOWN Hash slot not served", "no primary"],
  ["MISCONF Redis is configured to save RDB snapshots, but it's currently unable to", "disk"],
  ["NOREPLICAS Not enough good replicas to write.", "min-replicas-to-write"],
  ["NOAUTH Authentication required.", "rights"],
  ["NOPERM this user has no permissions to run the 'evalsha' command", "rights"],
  ["MOVED 3999 127.0.0.1:6381", "createCluster"],
  ["CROSSSLOT Keys in request don't hash to the same slot", "createCluster"],
  ["BUSY Redis is busy running a script.", "SCRIPT KILL"],
  ["ERR max number of clients reached", "maxclients"],
  ["ERR unknown command 'EVALSHA', with args beginning with:", "6.2"],
  // As Redis 6.2 tells what happened within a script.
  ["ERR Error running script (call to f_5): @user_script:9: OOM command not allowed", "maxmemory"],
  ["ERR Error running script (call to f_5): @user_script:9: ERR syntax error", "6.2"],
  ["ERR something new", "log"],
])("what the server refuses with %p says what to do", async (message, advice) => {
  const cause = new ErrorReply(message);
  const error = await failing(cause);
  expect(error).toMatchObject({ code: "STORE_UNAVAILABLE", cause });
  expect(String(error)).toContain("Redis refused to write");
  expect(String(error)).toContain(advice);
});

test.each([
  [new ClientClosedError(), "no connection"],
  [new ClientOfflineError(), "no connection"],
  [new SocketClosedUnexpectedlyError(), "no connection"],
  [new RootNodesUnavailableError(), "no connection"],
  [new MaxCommandRedirectionsError(new Error()), "no connection"],
  [new MaxRetriesPerRequestError(20), "no connection"],
  [new Error("Connection is closed."), "no connection"],
  [new Error("Stream isn't writeable and enableOfflineQueue options is false"), "no connection"],
  [new Error("None of startup nodes is available"), "no connection"],
  [Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }), "no connection"],
  // Of a name with several addresses: it has no text.
  [Object.assign(new AggregateError([]), { code: "ECONNREFUSED" }), "no connection"],
  [new TimeoutError(), "longer than"],
  [new AbortError(), "longer than"],
  [new ConnectionTimeoutError(), "longer than"],
  [new SocketTimeoutError(100), "longer than"],
  [new Error("Command timed out"), "longer than"],
  [undefined, "log"],
])("what the client rejects with as %p leaves the outcome unknown", async (cause, advice) => {
  const error = await failing(cause);
  expect(error).toMatchObject({ code: "STORE_UNAVAILABLE" });
  expect(error).toHaveProperty("cause", cause);
  expect(String(error)).toContain("outcome is unknown");
  expect(String(error)).toContain(advice);
});

test.each([
  ["OOM command not allowed when used memory > 'maxmemory'.", "maxmemory"],
  // As Redis 6.2 tells what it found before it ran a command.
  ["@user_script: 9: -OOM command not allowed when used memory > 'maxmemory'.", "maxmemory"],
  ["READONLY You can't write against a read only replica.", "is a replica"],
])("what the server refuses in a batch with %p says what to do", async (fault, advice) => {
  const store = new RedisStore({ sendCommand: async () => [1, `!${fault}`] });
  const [saved, refused] = await Promise.allSettled([
    store.save(handle(1), record()),
    store.save(handle(2), record()),
  ]);
  expect(saved).toEqual({ status: "fulfilled", value: true });
  expect(refused).toMatchObject({ reason: { code: "STORE_UNAVAILABLE" } });
  expect(String(Object(refused).reason)).toContain("Redis refused to write");
  expect(String(Object(refused).reason)).toContain(advice);
});

test.each([
  "WRONGTYPE Operation against a key holding the wrong kind of value",
  "ERR Error running script (call to f_5): @user_script:2: WRONGTYPE Operation against a key",
])("%p is a record that cannot be read", async (message) => {
  expect(await failing(new ErrorReply(message))).toMatchObject({ code: "RECORD_CORRUPT" });
});

test("what one call is rejected with holds nothing of what the others of its batch were to store", async () => {
  // As ioredis does it.
  const store = new RedisStore({
    sendCommand: async (args: readonly string[]) => {
      throw Object.assign(new ErrorReply("NOPERM this user has no permissions"), {
        command: { args },
      });
    },
  });
  const [one] = await Promise.allSettled([
    store.save(handle(1), record()),
    store.save(handle(2), record({ data: "another's" })),
  ]);
  const { reason } = Object(one);
  expect(reason).toMatchObject({
    code: "STORE_UNAVAILABLE",
    cause: { message: expect.stringContaining("NOPERM") },
  });
  expect(JSON.stringify(reason.cause)).not.toContain("another's");
});

test("a client that throws where it should reject fails each call by itself", async () => {
  const store = new RedisStore({
    sendCommand: () => {
      throw new Error("not connected");
    },
  });
  const rejected = { status: "rejected", reason: { code: "STORE_UNAVAILABLE" } };
  expect(await Promise.allSettled([store.load(handle(1))])).toMatchObject([rejected]);
  const both = [store.load(handle(1)), store.save(handle(2), record())];
  expect(await Promise.allSettled(both)).toMatchObject([rejected, rejected]);
  const loads = [store.load(handle(1)), store.load(handle(2))];
  expect(await Promise.allSettled(loads)).toMatchObject([rejected, rejected]);
});
