import { describe, expect, test } from "@jest/globals";
import type { SessionError } from "@sess/core";
import { RedisStore } from "@sess/store-redis";
import { expectCode, handle, record } from "@sess/test-support";
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
import { fulfilledWith } from "./support/stores.ts";

/** The error of a first save over a client that rejects with `error`. */
function errorOfSave(error: unknown): Promise<SessionError> {
  const store = new RedisStore({ sendCommand: () => Promise.reject(error) });
  return expectCode(store.save(handle(1), record()), "STORE_UNAVAILABLE");
}

describe("an error of the server says that nothing was written, and what to do:", () => {
  test.each([
    ["LOADING Redis is loading the dataset in memory", "still loading"],
    ["READONLY You can't write against a read only replica.", "is a replica"],
    ["CLUSTERDOWN Hash slot not served", "no primary"],
    ["MASTERDOWN Link with MASTER is down", "no primary"],
    ["MISCONF Redis is configured to save RDB snapshots, but it's currently unable to", "disk"],
    ["NOREPLICAS Not enough good replicas to write.", "min-replicas-to-write"],
    ["NOAUTH Authentication required.", "rights"],
    ["WRONGPASS invalid username-password pair or user is disabled.", "rights"],
    ["NOPERM this user has no permissions to run the 'evalsha' command", "rights"],
    ["MOVED 3999 127.0.0.1:6381", "createCluster"],
    ["ASK 3999 127.0.0.1:6381", "createCluster"],
    ["TRYAGAIN Multiple keys request during rehashing of slot", "createCluster"],
    ["CROSSSLOT Keys in request don't hash to the same slot", "createCluster"],
    ["BUSY Redis is busy running a script.", "SCRIPT KILL"],
    ["ERR max number of clients reached", "maxclients"],
    ["ERR unknown command 'EVALSHA'", "6.2"],
    // As Redis 6.2 says what happened within a script.
    [
      "ERR Error running script (call to f_5): @user_script:9: OOM command not allowed",
      "maxmemory",
    ],
    ["ERR Error running script (call to f_5): @user_script:9: ERR syntax error", "6.2"],
    ["ERR something new", "see the cause"],
  ])("%s", async (message, advice) => {
    const error = await errorOfSave(new ErrorReply(message));
    expect(error.message).toContain("Nothing was written to Redis.");
    expect(error.message).toContain(advice);
    expect(error.cause).toMatchObject({ message });
  });
});

describe("an error of the client says that the outcome is unknown, and what to do:", () => {
  const noConnection = "no connection";
  const tooLong = "longer than";
  test.each([
    [new ClientClosedError(), noConnection],
    [new ClientOfflineError(), noConnection],
    [new SocketClosedUnexpectedlyError(), noConnection],
    [new RootNodesUnavailableError(), noConnection],
    [new MaxCommandRedirectionsError(new ErrorReply("MOVED 3999 127.0.0.1:6381")), noConnection],
    [new MaxRetriesPerRequestError(20), noConnection],
    [new Error("Connection is closed."), noConnection],
    [new Error("Stream isn't writeable and enableOfflineQueue options is false"), noConnection],
    [new Error("None of startup nodes is available"), noConnection],
    [Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }), noConnection],
    // If a name has several addresses, the error has no text of its own.
    [Object.assign(new AggregateError([]), { code: "ECONNREFUSED" }), noConnection],
    // Says what it is by its class alone.
    [new TimeoutError(), tooLong],
    [new AbortError(), tooLong],
    [new ConnectionTimeoutError(), tooLong],
    [new SocketTimeoutError(100), tooLong],
    [new Error("Command timed out"), tooLong],
    // The server wrote nothing this time, but an earlier attempt may have been written.
    [new Error("gave up", { cause: new ErrorReply("LOADING Redis is loading") }), "still loading"],
    [new Error("something new"), "see the cause"],
    ["a text", "see the cause"],
    [undefined, "see the cause"],
  ])("%p", async (thrown, advice) => {
    const error = await errorOfSave(thrown);
    expect(error.message).toContain("unknown outcome");
    expect(error.message).toContain(advice);
    expect(error.cause).toBeInstanceOf(Error);
  });
});

describe("an error of one step of a batch says what to do:", () => {
  test.each([
    ["OOM command not allowed when used memory > 'maxmemory'.", "maxmemory"],
    // As Redis 6.2 says what it found before it ran a command.
    ["@user_script: 9: -OOM command not allowed when used memory > 'maxmemory'.", "maxmemory"],
    ["READONLY You can't write against a read only replica.", "is a replica"],
  ])("%s", async (fault, advice) => {
    const store = new RedisStore({ sendCommand: async () => [1, ["failed", fault]] });
    const [saved, refused] = [1, 2].map((number) => store.save(handle(number), record()));
    const error = await expectCode(refused ?? Promise.resolve(), "STORE_UNAVAILABLE");
    expect(await Promise.allSettled([saved])).toEqual([fulfilledWith(true)]);
    expect(error.message).toContain("Nothing was written to Redis.");
    expect(error.message).toContain(advice);
  });
});

test.each([
  "WRONGTYPE Operation against a key holding the wrong kind of value",
  "ERR Error running script (call to f_5): @user_script:2: WRONGTYPE Operation against a key",
])("%p is a record that cannot be read", async (message) => {
  const store = new RedisStore({ sendCommand: () => Promise.reject(new ErrorReply(message)) });
  await expectCode(store.save(handle(1), record()), "RECORD_CORRUPT");
  await expectCode(store.load(handle(1)), "RECORD_CORRUPT");
});

test("a save of unknown outcome may be repeated with the same object, as the guide says", async () => {
  const { message } = await errorOfSave(new SocketClosedUnexpectedlyError());
  expect(message).toContain("Saving the same session object again is safe");
  const refused = await errorOfSave(new ErrorReply("READONLY You can't write against a replica."));
  expect(refused.message).not.toContain("may have happened");
});

test("a call's error holds nothing of what the others of its batch were to store", async () => {
  // ioredis attaches the command to the error.
  const store = new RedisStore({
    sendCommand: async (args: readonly string[]) => {
      throw Object.assign(new ErrorReply("NOPERM this user has no permissions"), {
        command: { args },
      });
    },
  });
  const saving = [
    store.save(handle(1), record()),
    store.save(handle(2), record({ data: "s3cret" })),
  ];
  for (const save of saving) {
    const { cause } = await expectCode(save, "STORE_UNAVAILABLE");
    expect(cause).toMatchObject({ message: expect.stringContaining("NOPERM") });
    expect(cause).not.toHaveProperty("command");
    expect(JSON.stringify(cause, Object.getOwnPropertyNames(cause))).not.toContain("s3cret");
  }
});

test("the cause holds none of the arguments that a server without a command quotes", async () => {
  const message = "ERR unknown command 'SET', with args beginning with: 'sess:~0' 's3cret' ";
  const thrown = new ErrorReply(message);
  const store = new RedisStore({ sendCommand: () => Promise.reject(thrown) });
  for (const call of [store.save(handle(1), record()), store.load(handle(1))]) {
    const { cause } = await expectCode(call, "STORE_UNAVAILABLE");
    expect(cause).toMatchObject({ message: "ERR unknown command 'SET'" });
    expect(JSON.stringify(cause, Object.getOwnPropertyNames(cause))).not.toContain("s3cret");
  }
});

test("a client that throws where it should reject fails each call by itself", async () => {
  const store = new RedisStore({
    sendCommand: () => {
      throw new Error("not connected");
    },
  });
  const calls = [
    store.load(handle(1)),
    store.save(handle(2), record()),
    store.load(handle(3)),
    store.load(handle(4)),
  ];
  for (const call of calls) await expectCode(call, "STORE_UNAVAILABLE");
  await expectCode(store.load(handle(1)), "STORE_UNAVAILABLE");
});
