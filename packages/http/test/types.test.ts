import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, test } from "@jest/globals";
import { type Session, SessionManager } from "@sess/core";
import { type Awaitable, type HttpOptions, session } from "@sess/http";
import { MemoryStore } from "@sess/store-memory";

// The compiler checks this file: `npm run types`. What each framework's `Register` gives is checked from
// the tarballs, where no other package's types are about.

interface Values {
  user: { name: string };
}

interface Messages {
  notice: string;
}

const sessions = new SessionManager<Values, Messages>({
  store: new MemoryStore(),
  sweepInterval: 0,
});

/** Compiles if both are the same type. */
function same<Expected>() {
  return <Given>(_: Given & (Expected extends Given ? unknown : never)): void => {};
}

test("sessions keep the types of their manager, without any", async () => {
  const visit = session(sessions);
  const response = await visit.fetch(new Request("https://shop.example"), async (request, mine) => {
    same<Awaitable<Session<Values, Messages>>>()(mine);
    same<Awaitable<Session<Values, Messages>>>()(visit.of(request));
    const loaded = await mine;
    const user: Values["user"] | undefined = loaded.get("user");
    const notices: string[] = await loaded.takeFlash("notice");
    // @ts-expect-error There is no such key.
    loaded.get("usr");
    // @ts-expect-error It has not been awaited.
    expect(() => mine.get("user")).toThrow();
    return new Response(`${user?.name} ${notices.length}`);
  });
  expect(await response.text()).toBe("undefined 0");
  same<Session<Values, Messages> | undefined>()(await visit.load({}));
});

test("a layer is a middleware of Connect's kind", () => {
  const middleware: (
    request: IncomingMessage,
    response: ServerResponse,
    next: (error?: unknown) => void,
  ) => void = session(sessions);
  expect(typeof middleware).toBe("function");
});

test("options are typed", () => {
  const options: HttpOptions[] = [
    {},
    { name: "admin", sameSite: "strict", trustedOrigins: ["https://a.example"] },
    // @ts-expect-error There is no such option.
    { maxAge: 1 },
    // @ts-expect-error Letters matter.
    { sameSite: "Lax" },
  ];
  expect(options).toHaveLength(4);
});
