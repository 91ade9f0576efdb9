import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { bundle, Program } from "@sess/test-support";

/** A session of the usual size: 0.6 KB. */
const VALUES = {
  user: { id: 1_000_000, name: "Grace Hopper", email: "grace.hopper@example.org" },
  views: 1_000_000,
  csrf: "Zm9yZ2VyeS1pcy1ub3QtYS1zcG9ydC1oZXJl",
  roles: ["reader", "editor"],
  locale: "en-GB",
  theme: "dark",
  returnTo: "/catalogue/instruments?page=7",
  signedInAt: 1_790_000_000_000,
  cart: [
    { article: "A-1000", title: "Brass sextant, boxed", count: 1, price: 12_900 },
    { article: "A-1001", title: "Brass sextant, boxed", count: 1, price: 12_900 },
  ],
  preferences: { setting0: "compact", setting1: true, setting2: false },
  recent: ["/catalogue/article-0/details", "/catalogue/article-1/details"],
};

/** What a program finds. It is a process of its own: the heap of this one holds too much else. */
async function weigh(file: string): Promise<Record<string, number>> {
  const program = bundle(join(__dirname, "programs", file));
  const found = new Program([process.execPath, "--expose-gc", program, JSON.stringify(VALUES)]);
  return JSON.parse(await found.line());
}

describe("on the heap", () => {
  let own: Record<string, number> = {};
  let express: Record<string, number> = {};

  beforeAll(async () => {
    own = await weigh("weigh.ts");
    express = await weigh("weigh-express.mjs");
  });

  test("a session takes at most 0.9 of what it takes in express-session's MemoryStore", () => {
    expect(own["perSession"]).toBeLessThan(0.9 * (express["perSession"] ?? 0));
  });

  test("data that was put together of many pieces is kept as one", () => {
    expect(own["besidesText"]).toBeLessThan(300);
  });

  test("a sweep gives back what expired sessions took, their owners included", () => {
    expect(own["afterSweep"]).toBeLessThan(40);
  });

  test("nothing is left of sessions that were ended, however few there were", () => {
    expect(own["afterEnd"]).toBeLessThan(5_000);
  });
});
