import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Accesses } from "../accesses/accesses.ts";
import { prove } from "../accesses/proof.ts";
import { Tokens } from "../accesses/tokens.ts";
import { CONTENDERS } from "../contenders/all.ts";
import type { Subject } from "./job.ts";

/** Sessions that are created at once, so that stores with batches fill them. */
const CREATED_AT_ONCE = 256;

/** An open contender, with a directory of its own that goes when it is closed. */
export class Prepared {
  readonly accesses: Accesses;
  readonly tokens: Tokens;
  readonly directory: string;
  /** Whether the code that accesses run is compiled. */
  isWarm = false;
  readonly #subject: Subject;

  private constructor(accesses: Accesses, directory: string, subject: Subject) {
    this.accesses = accesses;
    this.directory = directory;
    this.tokens = new Tokens(subject.sessions);
    this.#subject = subject;
  }

  static async open(subject: Subject): Promise<Prepared> {
    const { contender, size, url } = subject;
    const directory = await mkdtemp(join(tmpdir(), "sess-bench-"));
    const accesses = await CONTENDERS[contender].open({ size, directory, url });
    return new Prepared(accesses, directory, subject);
  }

  /**
   * Creates the sessions and lets the contender prove itself on them.
   *
   * @throws AssertionError which says what the contender does not do.
   */
  async fill(): Promise<void> {
    const { sessions, size } = this.#subject;
    const { mostSessions = sessions } = this.accesses;
    for await (const token of this.create(Math.min(sessions, mostSessions))) this.tokens.add(token);
    await prove(this.accesses, this.tokens, size);
  }

  /** Creates sessions that live for `lifetime` ms, by default for a day, and yields their tokens. */
  async *create(count: number, lifetime?: number): AsyncGenerator<string> {
    for (let start = 0; start < count; start += CREATED_AT_ONCE) {
      const length = Math.min(CREATED_AT_ONCE, count - start);
      const creations = Array.from({ length }, (_, place) =>
        this.accesses.create(start + place, lifetime),
      );
      yield* await Promise.all(creations);
    }
  }

  async close(): Promise<void> {
    await this.accesses.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}
