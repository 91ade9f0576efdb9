import { createHash } from "node:crypto";

/** A script in Lua, and the name by which a server knows it. */
export class Script {
  readonly source: string;
  readonly sha: string;

  constructor(source: string) {
    this.source = source;
    this.sha = createHash("sha1").update(source).digest("hex");
  }
}
