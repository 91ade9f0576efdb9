import { describe, expect, test } from "@jest/globals";
import type { FaultEffect, StoreMethod } from "@sess/core/conformance";
import { afterTest } from "@sess/test-support";
import type { Handler } from "../support/application.ts";
import { bindings } from "../support/bindings.ts";
import { cookieOf } from "../support/client.ts";
import { start } from "../support/world.ts";

const METHODS: readonly StoreMethod[] = ["load", "save", "delete", "touch"];

const EFFECTS: readonly FaultEffect[] = [
  "reject-before",
  "reject-after",
  "reject-early",
  "hang-before",
  "hang-after",
  "delay-after",
  "duplicate-second",
];

/** How many calls of a method any scenario makes at most. */
const CALLS = [1, 2, 3];

const SCENARIOS: Readonly<Record<string, Handler>> = {
  change: async ({ session }) => {
    (await session).set("alias", "Changed");
    return { body: "success" };
  },
  "sign-in": async ({ session }) => {
    const mine = await session;
    mine.owner = "ada";
    await mine.regenerate({ restart: true });
    return { status: 302, headers: { Location: "/" }, body: "success" };
  },
  "sign-out": async ({ session }) => {
    await (await session).destroy();
    return { body: "success" };
  },
  "flash message": async ({ session }) => {
    const mine = await session;
    mine.flash("notice", "Done.");
    mine.set("seen", (await mine.takeFlash("notice")).length);
    return { body: "success" };
  },
};

const faults = METHODS.flatMap((method) =>
  EFFECTS.flatMap((effect) => CALLS.map((call) => ({ method, effect, call }))),
);

describe.each(bindings)("$name, whatever the store does", (binding) => {
  test.each(Object.entries(SCENARIOS))(
    "%s: no success without a save",
    async (name, handler) => {
      const unhandled: unknown[] = [];
      const note = (reason: unknown) => unhandled.push(reason);
      process.on("unhandledRejection", note);
      afterTest(() => process.off("unhandledRejection", note));
      const world = await start(binding, handler);
      for (const fault of faults) {
        const seeded = await world.seed({ user: "ada" });
        const other = await world.seed({ user: "bob" });
        const injected = world.faults.inject(fault);
        const answering = world.send("/", { cookie: world.cookie(seeded) });
        if (fault.effect.startsWith("hang")) {
          await Promise.race([injected.firstHit, answering]);
          await injected.heal();
        }
        const answer = await answering;
        await world.faults.heal();
        const place = `${name}, ${JSON.stringify(fault)}`;
        const isSuccess = answer.body === "success" || answer.status < 400;
        expect({ place, status: answer.status, isSuccess }).toEqual({
          place,
          status: isSuccess ? expect.any(Number) : 503,
          isSuccess: answer.status < 400,
        });
        const id = cookieOf(answer.cookies).replace(/^.*=/, "");
        const found = await world.sessions.load(id === "" ? seeded.id : id);
        // Whatever the client has now is this visitor's session or none.
        expect([place, id === other.id]).toEqual([place, false]);
        expect([place, found?.get("user") ?? "ada"]).toEqual([place, "ada"]);
        if (isSuccess && name === "change")
          expect([place, found?.get("alias")]).toEqual([place, "Changed"]);
        if (isSuccess && name === "sign-in") expect([place, found?.owner]).toEqual([place, "ada"]);
        if (isSuccess && name === "sign-out") expect([place, found]).toEqual([place, undefined]);
      }
      await new Promise(setImmediate);
      expect(unhandled).toEqual([]);
    },
    60_000,
  );
});
