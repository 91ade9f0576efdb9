declare module "cli-progress" {
  import type { Writable } from "node:stream";

  export class SingleBar {
    constructor(options: {
      format: string;
      stream: Writable;
      hideCursor: boolean;
      clearOnComplete: boolean;
    });
    start(total: number, value: number, payload: object): void;
    update(value: number, payload: object): void;
    stop(): void;
  }
}
