import { describe, expect, test } from "@jest/globals";
import { looseJson, type Session, SessionManager, type SessionManagerOptions } from "@sess/core";
import { SpyStore } from "@sess/test-support";
import * as devalue from "devalue";
import fc from "fast-check";
import superjson from "superjson";
import { loaded } from "../support/sessions.ts";

type Options = Partial<SessionManagerOptions>;

/** The configurations that a deployment goes through, in the order that the guide names. */
const ROLLOUTS: Readonly<Record<string, readonly Options[]>> = {
  devalue: [{}, { reads: devalue }, { codec: devalue }],
  superjson: [{}, { reads: superjson }, { codec: superjson }],
  "devalue, from loose JSON": [
    { codec: looseJson },
    { codec: looseJson, reads: devalue },
    { codec: devalue },
  ],
  "loose JSON": [{}, { codec: looseJson }],
  encryption: [{}, { encrypt: "unseal" }, { encrypt: "migrate" }, { encrypt: true }],
  "encryption, and then devalue": [
    {},
    { encrypt: "unseal" },
    { encrypt: "migrate" },
    { encrypt: true },
    { encrypt: true, reads: devalue },
    { encrypt: true, codec: devalue },
  ],
};

const keys = fc.constantFrom("a", "b", "ключ\t\n");

/** What a process does with a session, or the deployment with its processes. */
const step = fc.oneof(
  fc.record({
    kind: fc.constant("set" as const),
    key: keys,
    value: fc.jsonValue({ noUnicodeString: false }),
  }),
  fc.record({ kind: fc.constant("delete" as const), key: keys }),
  fc.record({ kind: fc.constant("flash" as const), text: fc.string({ unit: "binary" }) }),
  fc.record({ kind: fc.constantFrom("take" as const, "regenerate" as const, "read" as const) }),
  fc.record({ kind: fc.constantFrom("forward" as const, "back" as const) }),
);

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** A session as it should be; its id is "" until it is stored. */
class Model {
  id = "";
  readonly values = new Map<string, string>();
  messages: string[] = [];

  /** Runs a step on `session` and on this, and compares what comes of it. */
  async run(step: Step, session: Session): Promise<void> {
    if (step.kind === "set") {
      session.set(step.key, step.value);
      this.values.set(step.key, JSON.stringify(step.value));
    } else if (step.kind === "delete") {
      session.delete(step.key);
      this.values.delete(step.key);
    } else if (step.kind === "flash") {
      session.flash("info", step.text);
      this.messages.push(step.text);
    } else if (step.kind === "take") {
      expect(await session.takeFlash("info")).toEqual(this.messages);
      this.messages = [];
    } else if (step.kind === "regenerate") {
      await session.regenerate();
    }
    await session.save();
    this.id = session.isNew ? "" : session.id;
    this.expectAs(session);
  }

  expectAs(session: Session): void {
    const content = session.keys().map((key) => [key, JSON.stringify(session.get(key))]);
    expect(new Map(content.map(([key = "", text = ""]) => [key, text]))).toEqual(this.values);
  }
}

/** At any time the processes of one stage run, and those of the next. */
class Deployment {
  readonly #stages: readonly Options[];
  readonly #managers: readonly SessionManager[];
  #stage = 0;

  constructor(stages: readonly Options[]) {
    const store = new SpyStore();
    this.#stages = stages;
    this.#managers = stages.map(
      (options) => new SessionManager({ store, sweepInterval: 0, ...options }),
    );
  }

  get running(): readonly SessionManager[] {
    return this.#managers.slice(this.#stage, this.#stage + 2);
  }

  /** One stage goes, and the one on the other side of the stage that stays comes. */
  async move(by: 1 | -1, models: readonly Model[]): Promise<void> {
    const to = this.#stage + by;
    if (to < 0 || to >= this.#managers.length) return;
    const staying = by === 1 ? to : this.#stage;
    const coming = by === 1 ? to + 1 : to;
    const [stays, comes] = [this.#stages[staying], this.#stages[coming]];
    if (stays !== undefined && comes !== undefined && mustWait(stays, comes)) {
      for (const { id } of models) {
        const session = await this.#managers[staying]?.load(id);
        if (session !== undefined) await rewrite(session);
      }
    }
    this.#stage = to;
  }
}

/** Whether a stage may come only once those that stay have written every session. */
function mustWait(stays: Options, comes: Options): boolean {
  if (comes.encrypt === true) return stays.encrypt !== true;
  const drops = (name: "encrypt" | "reads") => Boolean(stays[name]) && !comes[name];
  return drops("encrypt") || (drops("reads") && comes.codec !== stays.reads);
}

async function rewrite(session: Session): Promise<void> {
  for (const key of session.keys()) session.set(key, session.get(key));
  for (const message of await session.takeFlash("info")) session.flash("info", message);
  session.owner = "ada";
  await session.save();
}

describe.each(Object.entries(ROLLOUTS))("while %s is rolled out, and back,", (_, stages) => {
  test("each process reads what every other has saved, and nothing is lost", async () => {
    const steps = fc.array(fc.tuple(step, fc.nat({ max: 1 }), fc.nat({ max: 1 })), {
      maxLength: 25,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (each) => {
        const deployment = new Deployment(stages);
        const models = [new Model(), new Model()];
        for (const [step, index, process] of each) {
          if (step.kind === "forward") await deployment.move(1, models);
          if (step.kind === "back") await deployment.move(-1, models);
          const model = models[index] ?? new Model();
          const manager = deployment.running[process] ?? deployment.running[0];
          if (manager === undefined) throw new Error("No process runs.");
          const session = model.id === "" ? manager.create() : await loaded(manager, model.id);
          await model.run(step, session);
          if (model.id === "") continue;
          for (const other of deployment.running) model.expectAs(await loaded(other, model.id));
        }
      }),
      { numRuns: 200 },
    );
  });
});
