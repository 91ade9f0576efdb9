import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check } from "./check.ts";
import type { Contender, Sessions } from "./contender.ts";
import { contenderNamed } from "./contenders.ts";
import type { Subject } from "./job.ts";
import type { Size } from "./session-values.ts";
import { Tokens } from "./tokens.ts";

/** A contender that has been opened in a place of its own. */
export class Prepared {
  readonly contender: Contender;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly directory: string;
  /** Whether its code has been compiled. */
  isWarm = false;
  readonly #size: Size;

  private constructor(contender: Contender, sessions: Sessions, subject: Subject, place: string) {
    this.contender = contender;
    this.sessions = sessions;
    this.tokens = new Tokens(subject.live);
    this.directory = place;
    this.#size = subject.size;
  }

  static async open(subject: Subject): Promise<Prepared> {
    const directory = await mkdtemp(join(tmpdir(), "sess-bench-"));
    const contender = await contenderNamed(subject.contender);
    const sessions = await contender.open({ ...subject, directory });
    return new Prepared(contender, sessions, subject, directory);
  }

  /** Stores sessions, and proves that the contender does with them what it is measured for. */
  async fill(count: number): Promise<void> {
    for await (const token of this.sessions.fill(count)) this.tokens.add(token);
    await check(this.sessions, this.tokens, this.#size);
  }

  async close(): Promise<void> {
    await this.sessions.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}
