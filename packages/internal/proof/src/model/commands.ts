import fc from "fast-check";
import { lifetime, localEdit, owner, savingEdit, updateEdit } from "./edits.ts";
import { MINUTE, type Run } from "./run.ts";
import type { World } from "./world.ts";

/** One thing done in a run, to the real sessions and to the model. */
class Command implements fc.AsyncCommand<World, Run> {
  readonly #name: string;
  readonly #act: (run: Run) => Promise<void> | void;

  constructor(name: string, act: (run: Run) => Promise<void> | void) {
    this.#name = name;
    this.#act = act;
  }

  check(): boolean {
    return true;
  }

  async run(_: World, run: Run): Promise<void> {
    await this.#act(run);
  }

  toString(): string {
    return this.#name;
  }
}

const index = fc.nat(11);
const manager = fc.nat(1);

const edits: fc.Arbitrary<Command> = fc
  .tuple(index, localEdit)
  .map(
    ([at, [name, edit]]) => new Command(`${at}.${name}`, (run) => run.onObject(at, edit, false)),
  );

const saves: fc.Arbitrary<Command> = fc
  .tuple(index, savingEdit)
  .map(([at, [name, edit]]) => new Command(`${at}.${name}`, (run) => run.onObject(at, edit, true)));

const update = fc
  .tuple(manager, index, fc.array(updateEdit, { maxLength: 4, size: "max" }))
  .map(([by, at, edits]) => {
    const name = `${by}: update ${at} [${edits.map(([each]) => each)}]`;
    const acts = edits.map(([, edit]) => edit);
    return new Command(name, (run) => run.update(by, idAt(run, at), acts));
  });

const onSessions: fc.Arbitrary<Command> = fc.oneof(
  fc.tuple(manager, lifetime).map(([by, terms]) => {
    const name = `${by}: create ${JSON.stringify(terms)}`;
    return new Command(name, (run) => run.take(by, (sessions) => sessions.create(terms)));
  }),
  fc.tuple(manager, index).map(([by, at]) => {
    return new Command(`${by}: load ${at}`, (run) => {
      const id = idAt(run, at);
      return run.take(by, (sessions) => sessions.load(id));
    });
  }),
  fc.tuple(manager, index).map(([by, at]) => {
    return new Command(`${by}: open ${at}`, (run) => {
      const id = idAt(run, at);
      return run.take(by, (sessions) => sessions.open(id));
    });
  }),
  fc.tuple(manager, index).map(([by, at]) => {
    const destroy = (run: Run) => {
      return run.onSessions(by, at, ({ sessions }) => sessions.destroy(idAt(run, at)));
    };
    return new Command(`${by}: destroy ${at}`, destroy);
  }),
  fc
    .tuple(manager, index, fc.constantFrom({}, { owner: "ada" }, { owner: "bob" }))
    .map(
      ([by, at, options]) =>
        new Command(`${by}: revoke ${at} ${JSON.stringify(options)}`, (run) =>
          run.onSessions(by, at, ({ sessions, object }) => sessions.revoke(object.handle, options)),
        ),
    ),
  fc.tuple(manager, index, owner, fc.boolean()).map(
    ([by, at, whose, isSpared]) =>
      new Command(`${by}: revokeAll ${whose}${isSpared ? ` except ${at}` : ""}`, (run) =>
        run.onSessions(by, at, ({ sessions, object }) => {
          return sessions.revokeAll(whose, isSpared ? { except: object } : {});
        }),
      ),
  ),
  fc.tuple(manager, fc.option(owner, { nil: undefined })).map(
    ([by, whose]) =>
      new Command(`${by}: list ${whose ?? ""}`, (run) =>
        run.onSessions(by, 0, async ({ sessions }) => {
          const listed = await sessions.list(whose);
          const seen = listed.map(({ get, ...rest }) => ({
            ...rest,
            a: get("a"),
            cart: get("cart"),
          }));
          return seen.sort((one, two) => (one.handle < two.handle ? -1 : 1));
        }),
      ),
  ),
  manager.map((by) => {
    const sweep = (run: Run) => run.onSessions(by, 0, ({ sessions }) => sessions.sweep());
    return new Command(`${by}: sweep`, sweep);
  }),
);

const pass = fc
  .constantFrom(1, MINUTE, 2 * MINUTE, 5 * MINUTE - 1, 5 * MINUTE, 10 * MINUTE, 20 * MINUTE - 1)
  .map((ms) => new Command(`pass ${ms}`, (run) => run.pass(ms)));

const reopen = fc
  .boolean()
  .map(
    (migrate) => new Command(`reopen${migrate ? ", migrate" : ""}`, (run) => run.reopen(migrate)),
  );

/** Calls in an order that nobody thought of. */
export function commands(replayPath?: string): ReturnType<typeof fc.commands<World, Run, false>> {
  return fc.commands(
    [
      ...[edits, edits, edits, edits, edits, edits, edits, saves, saves, saves, saves, saves],
      ...[onSessions, onSessions, onSessions, onSessions, onSessions, onSessions],
      ...[update, update, update, pass, pass, pass, reopen],
    ],
    { maxCommands: 60, size: "max", ...(replayPath !== undefined && { replayPath }) },
  );
}

function idAt(run: Run, index: number): string {
  return run.ids[run.ids.length - 1 - (index % run.ids.length)] ?? "";
}
