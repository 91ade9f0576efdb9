import { EventEmitter, once } from "node:events";
import type { Server } from "node:http";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { SessionManager } from "@sess/core";
import { MemoryStore } from "@sess/store-memory";
import { createCounter, type Visit } from "../src/counter.ts";
import { Browser } from "./support/browser.ts";
import { closed, listen } from "./support/serving.ts";

let store: MemoryStore;
let sessions: SessionManager<Visit>;
let server: Server;
let origin = "";

beforeEach(async () => {
  store = new MemoryStore();
  sessions = new SessionManager<Visit>({ store });
  server = createCounter(sessions);
  origin = `http://127.0.0.1:${await listen(server)}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await closed(server);
  await sessions.close();
  jest.restoreAllMocks();
});

async function stored(): Promise<number> {
  let count = 0;
  for await (const _ of sessions.list()) count += 1;
  return count;
}

test("the views of a visitor are counted, and those of another apart", async () => {
  const ada = new Browser(origin);
  expect(await (await ada.get()).text()).toBe("Hello stranger, 1 views.\n");
  expect(await (await ada.get()).text()).toBe("Hello stranger, 2 views.\n");
  expect(await (await new Browser(origin).get()).text()).toBe("Hello stranger, 1 views.\n");
});

test("32 requests side by side count one each", async () => {
  const ada = new Browser(origin);
  await ada.get();
  // As a store does that is asked over a network: others come in between.
  const save = store.save.bind(store);
  jest.spyOn(store, "save").mockImplementation(async (...args) => {
    await setTimeout(1);
    return save(...args);
  });
  await Promise.all(Array.from({ length: 32 }, () => ada.get()));
  expect(await (await ada.get()).text()).toBe("Hello stranger, 34 views.\n");
});

test("the cookie is a __Host- cookie, HttpOnly, Secure, Lax, and holds nothing but the id", async () => {
  const ada = new Browser(origin);
  await ada.get();
  expect(ada.received).toEqual([
    {
      name: "__Host-session",
      value: expect.stringMatching(/^[\w-]{43}$/),
      path: "/",
      httpOnly: true,
      secure: true,
      sameSite: "lax",
    },
  ]);
});

test("the cookie is sent once, not with each answer", async () => {
  const ada = new Browser(origin);
  await ada.get();
  await ada.get();
  expect(ada.received).toEqual([]);
});

test("no answer may be kept by a cache", async () => {
  const ada = new Browser(origin);
  const answers = [
    await ada.get(),
    await ada.get(),
    await ada.post("/sign-in", "name=ada"),
    await ada.post("/sign-out"),
    await ada.get("/nowhere"),
  ];
  expect(answers.map(({ headers }) => headers.get("cache-control"))).toEqual(
    answers.map(() => "no-store"),
  );
  expect(answers.map(({ headers }) => headers.get("vary"))).toEqual(answers.map(() => "Cookie"));
});

test("nothing is answered before the session has been saved", async () => {
  const save = store.save.bind(store);
  const events: string[] = [];
  const gate = new EventEmitter();
  const saving = once(gate, "saving");
  const mayGoOn = once(gate, "go on");
  jest.spyOn(store, "save").mockImplementation(async (...args) => {
    gate.emit("saving");
    await mayGoOn;
    events.push("saved");
    return save(...args);
  });
  const answered = new Browser(origin).get().then(() => events.push("answered"));
  await saving;
  // Another request goes there and back: time enough for an answer that did not wait.
  await new Browser(origin).get("/nowhere");
  gate.emit("go on");
  await answered;
  expect(events).toEqual(["saved", "answered"]);
});

test("an id that the client made up is not adopted", async () => {
  const made = "A".repeat(43);
  const eve = new Browser(origin);
  await eve.get("/", { cookie: `__Host-session=${made}` });
  expect(eve.id).not.toBe(made);
  expect(await sessions.load(made)).toBeUndefined();
});

test("two cookies of the name count as none", async () => {
  const ada = new Browser(origin);
  await ada.get();
  const eve = new Browser(origin);
  const twice = `__Host-session=${ada.id}; __Host-session=${"A".repeat(43)}`;
  const answer = await eve.get("/", { cookie: twice });
  expect(await answer.text()).toBe("Hello stranger, 1 views.\n");
  expect(eve.id).not.toBe(ada.id);
});

test("a cookie whose name differs in case alone is another", async () => {
  const ada = new Browser(origin);
  await ada.get();
  const answer = await new Browser(origin).get("/", { cookie: `__hOST-session=${ada.id}` });
  expect(await answer.text()).toBe("Hello stranger, 1 views.\n");
});

test("signing in gives the session a new id, keeps its values and ends the old id", async () => {
  const ada = new Browser(origin);
  await ada.get();
  const before = ada.id;
  const answer = await ada.post("/sign-in", "name=ada");
  expect(await answer.text()).toBe("Hello ada, 1 views.\n");
  expect(ada.id).not.toBe(before);
  expect(ada.received).toHaveLength(1);
  expect(await sessions.load(before)).toBeUndefined();
  expect((await sessions.load(ada.id))?.owner).toBe("ada");
});

test("who signs in on the first request has a session", async () => {
  const ada = new Browser(origin);
  expect(await (await ada.post("/sign-in", "name=ada")).text()).toBe("Hello ada, 0 views.\n");
  expect(await (await ada.get()).text()).toBe("Hello ada, 1 views.\n");
});

test("signing out ends the session and clears the cookie with the attributes it was set with", async () => {
  const ada = new Browser(origin);
  await ada.get();
  const { id } = ada;
  const set = ada.received;
  await ada.post("/sign-out");
  expect(ada.cookie).toBeUndefined();
  expect(ada.received).toEqual(set.map((cookie) => ({ ...cookie, value: "", maxAge: 0 })));
  expect(await sessions.load(id)).toBeUndefined();
  expect(await stored()).toBe(0);
});

test("signing out without a session is fine and stores nothing", async () => {
  expect((await new Browser(origin).post("/sign-out")).status).toBe(200);
  expect(await stored()).toBe(0);
});

test("a POST from another site is refused", async () => {
  const ada = new Browser(origin);
  await ada.get();
  for (const site of ["cross-site", "same-site"]) {
    const answer = await ada.post("/sign-out", "", { "sec-fetch-site": site });
    expect(answer.status).toBe(403);
  }
  expect(await sessions.load(ada.id)).toBeDefined();
});

test("a store that fails is an error of the server, never an anonymous visitor", async () => {
  const ada = new Browser(origin);
  await ada.get();
  jest.spyOn(console, "error").mockImplementation(() => {});
  jest.spyOn(store, "load").mockRejectedValue(new Error("no connection"));
  const answer = await ada.get();
  expect(answer.status).toBe(503);
  expect(ada.received).toEqual([]);
});
