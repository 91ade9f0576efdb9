import type { Session, SessionStorage } from "@remix-run/session";
import { stringifySetCookie } from "cookie";
import { type Library, overLibrary } from "../accesses/accesses.ts";
import { GET_AND_SET } from "../accesses/handling.ts";
import { cookieIn, overRequests, type Site } from "../accesses/requests.ts";
import type { Contender } from "./contender.ts";

/** @remix-run/session on the whole path of a request, and without one over two of its storages. */
export const REMIX = {
  "remix-path": {
    title: "@remix-run/session, memory, in a request",
    lacks: ["values are shared, not copied", "parallel changes are lost", "nothing expires"],
    open: async ({ size }) => overRequests(siteOver(await memoryStorage()), GET_AND_SET, size),
  },
  "remix-memory": {
    title: "@remix-run/session, memory",
    lacks: ["values are shared, not copied", "parallel changes are lost", "nothing expires"],
    open: async ({ size }) => overLibrary(await libraryOver(await memoryStorage()), size),
  },
  "remix-files": {
    title: "@remix-run/session, files",
    lacks: ["not synced", "torn reads", "parallel changes are lost", "nothing expires"],
    open: async ({ size, directory }) => {
      const { createFsSessionStorage } = await import("@remix-run/session/fs-storage");
      return overLibrary(await libraryOver(createFsSessionStorage(directory)), size);
    },
  },
} satisfies Record<string, Contender>;

async function memoryStorage(): Promise<SessionStorage> {
  const { createMemorySessionStorage } = await import("@remix-run/session/memory-storage");
  return createMemorySessionStorage();
}

async function libraryOver(storage: SessionStorage): Promise<Library<Session>> {
  const { createSession } = await import("@remix-run/session");
  return {
    open: (id) => storage.read(id),
    create: () => createSession(),
    save: (session) => storage.save(session),
    close: async () => {},
  };
}

const COOKIE = "session";
const ATTRIBUTES = { httpOnly: true, secure: true, sameSite: "lax", path: "/" } as const;

function siteOver(storage: SessionStorage): Site<Session> {
  return {
    serve: async (request, reply, use) => {
      const session = await storage.read(cookieIn(request.headers.cookie, COOKIE) ?? null);
      const body = use(session);
      const value = await storage.save(session);
      if (value !== null) {
        reply.setHeader("Set-Cookie", stringifySetCookie({ name: COOKIE, value, ...ATTRIBUTES }));
      }
      reply.end(body);
    },
    cookieOf: (id) => `${COOKIE}=${id}`,
    close: async () => {},
  };
}
