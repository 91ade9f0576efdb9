import type { SaveOptions, SessionRecord, Store } from "../../src/contract/store.ts";
import type { DuelName, DuelReport, DuelTerms, Side } from "../races/duel.ts";
import type { OtherProcess } from "./other-process.ts";
import type { Opened } from "./protocol.ts";

type Entry = readonly [handle: string, record: SessionRecord];

/** What holds its process for a store. */
export interface Lease {
  /** Opens the same store in a process that serves no other. */
  openAlone(): Promise<RemoteStore>;
  /** Says that the store is needed no longer. */
  end(): void;
}

/** A store in another process. It has the methods that the store there has. */
export class RemoteStore implements Store {
  /** Whether its clock is a server's, so that its process's clock must decide nothing. */
  readonly hasServerClock: boolean;
  declare readonly touch?: NonNullable<Store["touch"]>;
  declare readonly list?: NonNullable<Store["list"]>;
  declare readonly sweep?: NonNullable<Store["sweep"]>;
  declare readonly close?: NonNullable<Store["close"]>;
  declare readonly maxBytes?: number;
  readonly #process: OtherProcess;
  readonly #store: number;
  readonly #lease: Lease;

  constructor(
    process: OtherProcess,
    { store, methods, maxBytes, hasServerClock }: Opened,
    lease: Lease,
  ) {
    this.#process = process;
    this.#store = store;
    this.#lease = lease;
    this.hasServerClock = hasServerClock;
    if (maxBytes !== undefined) this.maxBytes = maxBytes;
    if (methods.includes("touch")) {
      this.touch = (handle, expiresAt, revision) =>
        process.ask({ ask: "touch", store, handle, expiresAt, revision });
    }
    if (methods.includes("list")) this.list = (owner) => this.#entries(owner);
    if (methods.includes("sweep")) this.sweep = () => process.ask({ ask: "sweep", store });
    if (methods.includes("close")) this.close = () => this.#close();
  }

  load(handle: string): Promise<SessionRecord | undefined> {
    return this.#process.ask({ ask: "load", store: this.#store, handle });
  }

  save(handle: string, record: SessionRecord, options?: SaveOptions): Promise<boolean> {
    return this.#process.ask({ ask: "save", store: this.#store, handle, record, options });
  }

  delete(handle: string, revision?: number): Promise<boolean> {
    return this.#process.ask({ ask: "delete", store: this.#store, handle, revision });
  }

  /** Sets the clock of its process: to `now`, in ms since the epoch, and wrong by `shift` ms. */
  setTime(now: number | undefined, shift = 0): Promise<void> {
    return this.#process.ask({ ask: "time", now, shift });
  }

  /** Fights one side of a duel there. `begun` is called just before it begins. */
  fight(duel: DuelName, side: Side, terms: DuelTerms, begun: () => void): Promise<DuelReport> {
    return this.#process.ask({ ask: "duel", store: this.#store, duel, side, terms }, begun);
  }

  /** Opens the store once more, in a process that serves no other, so that it can be killed. */
  openAlone(): Promise<RemoteStore> {
    return this.#lease.openAlone();
  }

  /** Ends its process as a crash would. */
  kill(): Promise<void> {
    return this.#process.kill();
  }

  /** The suite needs it no longer. */
  async release(): Promise<void> {
    if (!this.#process.hasEnded) await this.#process.ask({ ask: "forget", store: this.#store });
    this.#lease.end();
  }

  /** A store whose process was killed is closed. */
  async #close(): Promise<void> {
    if (!this.#process.hasEnded) await this.#process.ask({ ask: "close", store: this.#store });
  }

  async *#entries(owner: string | undefined): AsyncGenerator<Entry> {
    const listing = await this.#process.ask<number>({ ask: "list", store: this.#store, owner });
    try {
      for (;;) {
        const next: IteratorResult<Entry> = await this.#process.ask({ ask: "next", listing });
        if (next.done) return;
        yield next.value;
      }
    } finally {
      if (!this.#process.hasEnded) await this.#process.ask({ ask: "leave", listing });
    }
  }
}
