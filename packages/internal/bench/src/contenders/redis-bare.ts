import type { Contender } from "../contender.ts";
import { DAY } from "../exchange.ts";
import { openClient } from "../redis-client.ts";
import { TextSessions } from "../text-sessions.ts";

const PREFIX = `bench-bare-${process.pid}:`;

export const contender: Contender = {
  title: "the bare redis client with JSON",
  lacks: ["no session at all: a limit", "no check of revisions", "ids in plain"],
  open: async ({ size, url }) => {
    const { client, close } = await openClient(url, PREFIX);
    const set = (id: string, text: string) => client.set(PREFIX + id, text, { PX: DAY });
    return new TextSessions(
      {
        get: (id) => client.get(PREFIX + id),
        set,
        add: set,
        extend: (id) => client.getEx(PREFIX + id, { type: "PX", value: DAY }),
        put: (entries) => Promise.all(entries.map(([id, text]) => set(id, text))),
        close,
      },
      size,
    );
  },
};
