import { stringifySetCookie } from "cookie";
import { PROPERTIES } from "../accesses/handling.ts";
import { cookieIn, overRequests, type Serve, type Site } from "../accesses/requests.ts";
import type { Values } from "../accesses/session-values.ts";
import { type Contender, SECRET } from "./contender.ts";

export const IRON = {
  "iron-session": {
    title: "iron-session (all in the cookie)",
    lacks: [
      "no sign-out of a copied cookie",
      "4 KB at most in browsers",
      "parallel changes are lost",
    ],
    open: async ({ size }) => overRequests(await openSite(), PROPERTIES, size),
  },
} satisfies Record<string, Contender>;

const COOKIE = "iron";

async function openSite(): Promise<Site<Partial<Values>>> {
  const { getIronSession } = await import("iron-session");
  const serveWith =
    (saves: boolean): Serve<Partial<Values>> =>
    async (request, reply, use) => {
      const cookies = {
        get: (name: string) => ({ name, value: cookieIn(request.headers.cookie, name) ?? "" }),
        set: (cookie: string | { name: string; value: string }, value = "") => {
          const named = typeof cookie === "string" ? { name: cookie, value } : cookie;
          reply.setHeader("Set-Cookie", stringifySetCookie({ path: "/", ...named }));
        },
      };
      const options = { cookieName: COOKIE, password: SECRET };
      const session = await getIronSession<Partial<Values>>(cookies, options);
      const body = use(session);
      if (saves) await session.save();
      reply.end(body);
    };
  return {
    serve: serveWith(true),
    serveReading: serveWith(false),
    serveExtending: serveWith(true),
    mostSessions: 20,
    cookieOf: (id) => `${COOKIE}=Fe26.2*1*${id.repeat(7)}~2`,
    close: async () => {},
  };
}
