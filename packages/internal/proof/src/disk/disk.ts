import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterTest, scratch } from "@sess/test-support";
import { runAsRoot } from "../needs.ts";
import { compiled } from "./compiled.ts";

const SIZE = 256 * 1024 * 1024;

/** An ext4 file system in a file, whose power can be cut. It goes away after its test. */
export class Disk {
  readonly path: string;
  readonly #image: string;
  readonly #cutter: string;
  #isMounted = false;

  constructor() {
    const base = scratch();
    this.path = join(base, "disk");
    this.#image = join(base, "image");
    this.#cutter = compiled("cut-power.c");
    mkdirSync(this.path);
    writeFileSync(this.#image, "");
    truncateSync(this.#image, SIZE);
    const owner = `root_owner=${process.getuid?.()}:${process.getgid?.()}`;
    runAsRoot("mkfs.ext4", "-q", "-F", "-E", owner, this.#image);
    this.mount();
    // Lazily: somebody may still have files open on it.
    afterTest(() => this.#isMounted && this.unmount("--lazy"));
  }

  mount(): void {
    runAsRoot("mount", "-o", "loop", this.#image, this.path);
    this.#isMounted = true;
  }

  unmount(...options: string[]): void {
    this.#isMounted = false;
    runAsRoot("umount", ...options, this.path);
  }

  /** From now on, whoever has files open on it gets errors, and nothing reaches the image. */
  cutPower(): void {
    runAsRoot(this.#cutter, this.path);
  }
}
